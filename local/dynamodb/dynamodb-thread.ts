import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { closeIterators } from './close-iterators.ts';
import { keepWritesWhole } from './whole-writes.ts';

// DynamoDB of the local run: dynalite, on disk. LevelDB hands each write to the operating system before it is
// acknowledged, so what was answered survives the process being killed.
keepWritesWhole();
closeIterators();
const server = dynalite({
  path: workerData as string,
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
});
// Longer than any client keeps an idle connection, so that none is closed under a request on its way.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

parentPort?.once('message', () => {
  server.close(() => process.exit());
  server.closeAllConnections();
});
