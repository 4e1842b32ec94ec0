import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import type { WatchThread } from '../../../local/lambda/thread-watcher.ts';
import { awsCall, vendorCall } from './call-name.ts';
import { pointsOf, type Calls } from './kill-points.ts';
import type { Deaths } from './kill-schedule.ts';

/** What the threads of one system share. */
export interface DeathData {
  deaths: Deaths;
  calls: Calls;
  /** How often each point was come to by any thread of its function, in the order of `pointsOf(calls)`: 32-bit, shared. */
  counts: SharedArrayBuffer;
  /** File that each death is written to, a line each, before the thread dies. */
  log: string;
}

/** Kills a function's thread at the places and times of the schedule: it is gone at once, as when Lambda's machine is. */
const watchThread: WatchThread = (shownName, data, endAfter) => {
  const victim = shownName.replace(/Function$/, '');
  const { deaths, calls, counts, log } = data as DeathData;
  const known = calls.usual[victim];
  const points = pointsOf(calls);
  const counters = new Int32Array(counts);
  const isDue = (point: string): boolean => {
    const place = points.indexOf(point);
    if (place < 0) return false;
    const count = Atomics.add(counters, place, 1) + 1;
    if (!deaths.at[point]?.includes(count)) return false;
    appendFileSync(log, `${point}\n`);
    return true;
  };
  const dieIf = (point: string): void => {
    if (isDue(point)) process.exit(137);
  };
  const reach = (when: 'before' | 'after', call: string): void => {
    if (known && !known.includes(call) && !calls.seldom[victim]?.includes(call)) {
      appendFileSync(log, `unnamed ${victim} ${call}\n`);
    }
    dieIf(`${victim} ${when} ${call}`);
  };
  // The request is made, and nothing of it sent.
  subscribe('http.client.request.created', (message) =>
    reach('before', awsCall((message as { request: ClientRequest }).request)),
  );
  // The head of the answer is there: the server has acted. Nobody has been told.
  subscribe('http.client.response.finish', (message) =>
    reach('after', awsCall((message as { request: ClientRequest }).request)),
  );
  // The same of fetch: https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
  subscribe('undici:request:create', (message) => reach('before', fetchedIn(message)));
  subscribe('undici:request:headers', (message) => reach('after', fetchedIn(message)));
  dieIf(`${victim} loading`);
  return {
    invoked() {
      dieIf(`${victim} invoked`);
      if (isDue(`${victim} at some moment`)) endAfter(deaths.momentMs);
    },
    answering: () => dieIf(`${victim} answering`),
  };
};

export default watchThread;

/** Nothing but the vendor is asked by fetch. */
function fetchedIn(message: unknown): string {
  const { method, path } = (message as { request: { method: string; path: string } }).request;
  return vendorCall(method, path);
}
