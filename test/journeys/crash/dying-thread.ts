import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import type { WatchThread } from '../../../local/lambda/thread-watcher.ts';
import { calls, killPoints, seldomCalls } from './kill-points.ts';
import type { Deaths } from './kill-schedule.ts';

/** What the threads of one system share. */
export interface DeathData {
  deaths: Deaths;
  /** How often each point was come to by any thread of its function, in the order of `killPoints`: 32-bit, shared. */
  counts: SharedArrayBuffer;
  /** File that each death is written to, a line each, before the thread dies. */
  log: string;
}

/** Kills a function's thread at the places and times of the schedule: it is gone at once, as when Lambda's machine is. */
const watchThread: WatchThread = (shownName, data, endAfter) => {
  const victim = shownName.replace(/Function$/, '');
  const { deaths, counts, log } = data as DeathData;
  const known: readonly string[] | undefined = (calls as Record<string, readonly string[]>)[victim];
  const counters = new Int32Array(counts);
  const isDue = (point: string): boolean => {
    const place = killPoints.indexOf(point);
    if (place < 0) return false;
    const count = Atomics.add(counters, place, 1) + 1;
    if (!deaths.at[point]?.includes(count)) return false;
    appendFileSync(log, `${point}\n`);
    return true;
  };
  const dieIf = (point: string): void => {
    if (isDue(point)) process.exit(137);
  };
  const reach = (when: 'before' | 'after', request: ClientRequest): void => {
    const call = callOf(request);
    if (known && !known.includes(call) && !seldomCalls[victim]?.includes(call)) {
      appendFileSync(log, `unnamed ${victim} ${call}\n`);
    }
    dieIf(`${victim} ${when} ${call}`);
  };
  // The request is made, and nothing of it sent.
  subscribe('http.client.request.created', (message) =>
    reach('before', (message as { request: ClientRequest }).request),
  );
  // The head of the answer is there: the server has acted. Nobody has been told.
  subscribe('http.client.response.finish', (message) =>
    reach('after', (message as { request: ClientRequest }).request),
  );
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

/** E.g. `DynamoDB.PutItem`. S3 alone names its actions by method and path. */
function callOf(request: ClientRequest): string {
  const target = request.getHeader('x-amz-target');
  if (target === undefined) return request.method === 'PUT' ? 'S3.PutObject' : `S3.${request.method}`;
  const [service = '', action = ''] = String(target).split('.');
  const names: Record<string, string> = {
    DynamoDB_20120810: 'DynamoDB',
    AmazonSQS: 'SQS',
    secretsmanager: 'SecretsManager',
  };
  return `${names[service] ?? service}.${action}`;
}
