import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * A DynamoDB that answers at once and keeps nothing, on its own thread. Every item read is `workerData`, as `body`.
 * Its first message is its port; each message to it is answered with how often each action was called.
 */
const calls: Record<string, number> = {};
const answers: Record<string, string> = {
  UpdateItem: '{"Attributes":{"creates":{"N":"1"}}}',
  GetItem: JSON.stringify({ Item: { body: { S: workerData as string } } }),
};
const server = createServer((request, response) => {
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  calls[action] = (calls[action] ?? 0) + 1;
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answers[action] ?? '{}');
  });
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
parentPort?.on('message', () => parentPort?.postMessage(calls));
