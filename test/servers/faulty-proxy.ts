import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What goes wrong with one request: before the server has it, or after it has acted on it. */
export type Fault =
  /** Answered in the server's stead. */
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Headers that the server's own answer has besides. */
  | { adding: Record<string, string> }
  | 'reset before'
  | 'reset after'
  | 'stalled before'
  | 'stalled after'
  /** The answer ends in the middle, though it is as long as it says. */
  | 'truncated'
  /** The connection ends in the middle of the answer. */
  | 'cut off'
  | 'wrong content type';

/** A request that arrived, in the order of arrival. */
export interface Seen {
  method: string;
  url: string;
  authorization: string;
  /** Of its body. */
  bytes: number;
}

/** Stands before a server and lets things go wrong. */
export interface FaultyProxy {
  url: string;
  seen: readonly Seen[];
  /** Spoils the next requests of a method, one fault each; null lets one through. All others go through. */
  spoil(method: 'GET' | 'POST', ...faults: (Fault | null)[]): void;
  /** Forgets what it saw, and the faults that are left. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy before the server at `target`, on a free port of this machine. `choose` spoils requests that `spoil` does not: it is
 * asked for each, in the order of arrival.
 */
export async function startFaultyProxy(
  target: string,
  choose: (request: Seen) => Fault | null = () => null,
): Promise<FaultyProxy> {
  const seen: Seen[] = [];
  let faults: { method: string; fault: Fault | null }[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const bytes = Number(headers['content-length'] ?? 0);
    const request = { method, url, authorization: headers.authorization ?? '', bytes };
    seen.push(request);
    const at = faults.findIndex((each) => each.method === method);
    const fault = at < 0 ? choose(request) : faults.splice(at, 1)[0]!.fault;
    serve(target, incoming, outgoing, fault).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    spoil: (method, ...more) => void faults.push(...more.map((fault) => ({ method, fault }))),
    reset: () => {
      seen.length = 0;
      faults = [];
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | null,
): Promise<void> {
  const body = await buffer(incoming);
  if (fault === 'reset before') return void outgoing.destroy();
  if (fault === 'stalled before') return;
  if (fault !== null && typeof fault === 'object' && 'status' in fault) {
    const headers = { 'content-type': 'application/json', ...fault.headers };
    return void outgoing.writeHead(fault.status, headers).end(fault.body ?? '');
  }
  const { status, headers, answered } = await passOn(target, incoming, body);
  if (fault === 'reset after') return void outgoing.destroy();
  if (fault === 'stalled after') return;
  const half = answered.subarray(0, Math.floor(answered.length / 2));
  if (fault === 'cut off') {
    outgoing.writeHead(status, headers).write(half, () => outgoing.destroy());
    return;
  }
  if (fault === 'truncated') {
    return void outgoing.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
  }
  if (fault === 'wrong content type') {
    return void outgoing.writeHead(status, { 'content-type': 'text/html' }).end('<html>It worked!</html>');
  }
  outgoing.writeHead(status, { ...headers, ...fault?.adding }).end(answered);
}

async function passOn(target: string, { method, url = '/', headers }: IncomingMessage, body: Buffer) {
  const onward = forward(new URL(target + url), { method, headers }).end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 502, headers: answer.headers, answered: await buffer(answer) };
}
