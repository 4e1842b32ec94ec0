import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collected, smallHttpHandler } from '../../functions/lambda/small-http-handler.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A request to a server of its own that behaves as `listener`. */
async function requestTo(listener: RequestListener, body?: string | Uint8Array) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server!.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const headers = { 'x-amz-target': 'T' };
  const request = { protocol: 'http:', hostname: '127.0.0.1', port, method: 'POST', path: '/', headers };
  return body === undefined ? request : { ...request, body };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const echo: RequestListener = async (message, response) => {
  const bytes = await bytesOf(message);
  response.writeHead(201, { 'x-target': message.headers['x-amz-target'] });
  response.write(bytes.subarray(0, 3));
  response.end(bytes.subarray(3));
};

describe('a request', () => {
  it.each([
    ['a text', 'some {"text": "🦀"}'],
    ['a few bytes', Buffer.from('bytes 🦀')],
    ['many bytes that are no text', Buffer.alloc(50_000, 0xff)],
  ])('brings %s there and the answer back, byte by byte', async (_, body) => {
    const { response } = await smallHttpHandler().handle(await requestTo(echo, body));
    expect(response).toMatchObject({ statusCode: 201, headers: { 'x-target': 'T' } });
    expect(Buffer.from(await collected((response as { body: unknown }).body))).toEqual(Buffer.from(body));
  });

  it('has an empty answer for no body', async () => {
    const { response } = await smallHttpHandler().handle(await requestTo(echo));
    expect(await collected((response as { body: unknown }).body)).toHaveLength(0);
  });

  it('is given up as a timeout when no byte comes in time', async () => {
    const request = await requestTo(() => {});
    await expect(smallHttpHandler(50).handle(request)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fails when the connection breaks before the answer or within it', async () => {
    const before = await requestTo((message) => message.socket.destroy());
    await expect(smallHttpHandler().handle(before)).rejects.toMatchObject({ code: 'ECONNRESET' });
    server?.close();
    const within = await requestTo((message, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => message.socket.destroy());
    });
    await expect(smallHttpHandler().handle(within)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends when its signal says so', async () => {
    const request = await requestTo(() => {});
    const abort = new AbortController();
    const answer = smallHttpHandler().handle(request, { abortSignal: abort.signal });
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});
