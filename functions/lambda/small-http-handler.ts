import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** The part of the SDK's HttpRequest that a request to DynamoDB, SQS or Secrets Manager has. */
interface SdkRequest {
  protocol: string;
  hostname: string;
  port?: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array | string;
}

interface SdkOptions {
  abortSignal?: AbortSignal;
}

/** Milliseconds without a byte from the service after which an attempt is given up: the SDK's retries go on from there. */
const defaultPatience = 3000;
/** Larger bodies are sent as they are; smaller ones go out in one write together with the head. */
const oneWrite = 16 * 1024;
const pool = { keepAlive: true, maxSockets: 50 };

/**
 * The SDK's `requestHandler` for small JSON requests: one write a request, and the answer collected at once. It takes
 * about half the processor time of the SDK's own handler, which is made for streams (docs/decisions/0009). `patience` is in
 * milliseconds.
 */
export function smallHttpHandler(patience = defaultPatience) {
  const https = new HttpsAgent(pool);
  const http = new HttpAgent(pool);
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle(request: SdkRequest, { abortSignal }: SdkOptions = {}) {
      const { protocol, hostname: host, port, method, path, headers } = request;
      const options = { host, port, method, path, headers, signal: abortSignal };
      return new Promise<{ response: object }>((resolve, reject) => {
        const received = (message: IncomingMessage) => {
          const parts: Buffer[] = [];
          message.on('data', (part: Buffer) => parts.push(part));
          message.once('error', reject);
          message.once('end', () => {
            const { statusCode, statusMessage: reason } = message;
            resolve({ response: { statusCode, reason, headers: message.headers, body: joined(parts) } });
          });
        };
        const outgoing =
          protocol === 'http:'
            ? httpRequest({ ...options, agent: http }, received)
            : httpsRequest({ ...options, agent: https }, received);
        outgoing.once('error', reject);
        outgoing.setTimeout(patience, () => outgoing.destroy(timeoutError(host, patience)));
        outgoing.end(writable(request.body));
      });
    },
    destroy() {
      https.destroy();
      http.destroy();
    },
  };
}

/** Goes with it as the SDK's `streamCollector`: the body has been collected already. */
export async function collected(body: unknown): Promise<Uint8Array> {
  return body as Uint8Array;
}

/** Node sends a text in one write with the head, and bytes in a second one. */
function writable(body: Uint8Array | string | undefined): string | Uint8Array | undefined {
  if (body === undefined || typeof body === 'string') return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.length <= oneWrite ? bytes.toString() : bytes;
}

function joined(parts: Buffer[]): Buffer {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** The SDK repeats errors of this name. */
function timeoutError(host: string, patience: number): Error {
  return Object.assign(new Error(`${host} did not answer within ${patience} ms`), { name: 'TimeoutError' });
}
