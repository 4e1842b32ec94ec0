import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * An AWS that answers at once and keeps nothing, on its own thread. Every item read from DynamoDB, and every secret, is
 * `workerData`. Its first message is its port; each message to it is answered with how often each action was called.
 */
const calls: Record<string, number> = {};
const answers: Record<string, (body: string) => object> = {
  UpdateItem: () => ({ Attributes: { creates: { N: '1' } } }),
  GetItem: () => ({ Item: { body: { S: workerData as string } } }),
  GetSecretValue: () => ({ SecretString: workerData as string }),
  SendMessage: (body) => {
    const { MessageBody } = JSON.parse(body) as { MessageBody: string };
    return { MessageId: '1', MD5OfMessageBody: hash('md5', MessageBody) };
  },
};
const server = createServer((request, response) => {
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  calls[action] = (calls[action] ?? 0) + 1;
  void text(request).then((body) => {
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify(answers[action]?.(body) ?? {}));
  });
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
parentPort?.on('message', () => parentPort?.postMessage(calls));
