import { createHash } from 'node:crypto';
import type { Fault, Seen } from '../../servers/faulty-proxy.ts';

/** A number from 0 to below 1 that follows from a seed and what it is for. */
export function drawn(seed: string, ...what: (string | number)[]): number {
  return (
    createHash('sha256')
      .update(JSON.stringify([seed, ...what]))
      .digest()
      .readUInt32BE() /
    2 ** 32
  );
}

/** Share of the requests that something goes wrong with. */
const share = 0.25;
/** Each stalled answer takes seconds: no more of them than this. */
const mostStalled = 2;
/** Of the bulks that are asked about, one in so many stays `running`. */
const stuck = 4;

const html = { 'content-type': 'text/html' };
/** Each of these makes all the others wait for a second or two. */
const limits: (() => Fault)[] = [
  () => ({ status: 429, headers: { 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1) } }),
  () => ({ status: 429, headers: { 'retry-after': '1' } }),
];
/** Share of the faults that are limits. */
const limited = 0.04;
const kinds: (() => Fault)[] = [
  () => ({ status: 500, body: '{"errors":[{"code":"internal","message":"Oops"}]}' }),
  () => ({ status: 502, headers: html, body: '<html>Bad gateway</html>' }),
  () => 'reset before',
  () => 'reset after',
  () => 'truncated',
  () => 'cut off',
  () => 'wrong content type',
  () => 'stalled before',
  () => 'stalled after',
];

/** What goes wrong with the requests to the vendor, by a seed: the n-th of a kind always meets the same. */
export function seededFaults(seed: string) {
  const met = new Map<string, number>();
  const bulks: string[] = [];
  const counts = new Map<string, number>();
  let stalled = 0;
  const chosen = ({ method, url }: Seen): Fault | null => {
    const bulk = /^\/v1\/bulk\/([^/?]+)/.exec(url)?.[1];
    if (bulk !== undefined) {
      if (!bulks.includes(bulk)) bulks.push(bulk);
      if (bulks.indexOf(bulk) % stuck === stuck - 1) return stillRunning(url);
    }
    const kind = `${method} ${url.replaceAll(/[0-9a-f]{24}/g, '').split('?')[0]}`;
    const nth = counts.get(kind) ?? 0;
    counts.set(kind, nth + 1);
    if (drawn(seed, kind, nth) >= share) return null;
    const among = drawn(seed, kind, nth, 'limit') < limited ? limits : kinds;
    const fault = among[Math.floor(drawn(seed, kind, nth, 'which') * among.length)]!();
    const isStalled = typeof fault === 'string' && fault.startsWith('stalled');
    return isStalled && stalled++ >= mostStalled ? null : fault;
  };
  return {
    /** For startFaultyProxy. */
    choose: (request: Seen): Fault | null => {
      const fault = chosen(request);
      const name = fault === null ? 'none' : typeof fault === 'string' ? fault : nameOf(fault);
      met.set(name, (met.get(name) ?? 0) + 1);
      return fault;
    },
    /** How often each was met. */
    met: (): Record<string, number> => Object.fromEntries(met),
  };
}

function stillRunning(url: string): Fault {
  const attributes = { status: 'running', completed: false };
  const body = url.includes('/batches')
    ? { data: [{ attributes }], meta: { page: 1, pages: 1 } }
    : { data: { attributes } };
  return { status: 200, headers: { 'x-running': '1' }, body: JSON.stringify(body) };
}

function nameOf(fault: Exclude<Fault, string>): string {
  if (!('status' in fault)) return 'headers';
  return fault.status === 200 ? 'still running' : String(fault.status);
}
