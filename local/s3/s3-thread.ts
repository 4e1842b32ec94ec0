import { parentPort, workerData } from 'node:worker_threads';
import { startS3Server } from './s3-server.ts';

// S3 of the local run, on disk.
const server = await startS3Server(workerData as string);

parentPort?.once('message', async () => {
  await server.close();
  process.exit();
});
parentPort?.postMessage(Number(new URL(server.url).port));
