import type { IncomingMessage } from 'node:http';

// A sender that goes on past a refusal gets this much more before its connection is closed.
const PATIENCE_BYTES = 64 * 1024 * 1024;

/** The body, or why there is none: it is larger than allowed, or the sender left before its end. */
export type ReadBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'gone' };

/**
 * Reads a request's body into memory.
 *
 * Resolves with `too-large` as soon as that is certain. What still arrives is then read and dropped, so that a client
 * that sends everything before it listens gets to see its answer.
 *
 * @param limit in bytes
 */
export function readBody(request: IncomingMessage, limit: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limit) resolve({ kind: 'too-large' });
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (Math.max(size, announced) <= limit) return void chunks.push(chunk);
      chunks.length = 0;
      resolve({ kind: 'too-large' });
      if (size > limit + PATIENCE_BYTES) request.socket.destroy();
    });
    request.on('end', () => resolve({ kind: 'whole', bytes: Buffer.concat(chunks) }));
    request.on('error', () => resolve({ kind: 'gone' }));
    request.on('close', () => resolve({ kind: 'gone' }));
  });
}
