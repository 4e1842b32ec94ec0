/**
 * What does the local system take of mixed traffic (hooks, creates, lists, bulk), how long do answers take, what does its memory come to,
 * and is all there that was accepted? See bench/README.md. Usage: npm run bench:load [-- --seconds 60] [--clients 16] [--json]
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { showProgress } from '../cli/hooks/show-progress.ts';
import { lostOf, type Promised } from './load-check.ts';
import { loadRequests, type LoadRequest } from './load-requests.ts';
import { withRunningSystem, type RunningSystem } from './running-system.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '16' },
    json: { type: 'boolean' },
  },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);
/** Seconds at the begin that are not measured: functions start, and what they run is compiled. */
const warmUp = 5;
/** Seconds without a request before memory is looked at: Node collects garbage when it has nothing else to do. */
const rest = 5;

await withRunningSystem(async (system) => {
  const request = loadRequests(system);
  const promised: Promised = { conversations: new Set(), jobs: new Map() };
  const errors: string[] = [];
  let n = 0;
  let accepted = 0;
  let latencies = new Map<string, RecordableHistogram>();
  const runFor = async (milliseconds: number): Promise<void> => {
    const until = performance.now() + milliseconds;
    const client = async (): Promise<void> => {
      while (performance.now() < until) {
        const each = request(n++);
        const began = performance.now();
        const error = await send(each, system, promised);
        const microseconds = Math.round((performance.now() - began) * 1000);
        if (error !== undefined) errors.push(error);
        else accepted += each.accepts;
        const histogram = latencies.get(each.route) ?? createHistogram();
        latencies.set(each.route, histogram);
        histogram.record(Math.max(1, microseconds));
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
  };

  const memoryAtStart = system.memory();
  await runFor(1000 * warmUp);
  await delay(1000 * rest);
  const memoryWarm = system.memory();
  accepted = 0;
  latencies = new Map();
  const progress = showProgress(seconds);
  const began = performance.now();
  const ticker = setInterval(
    () => progress(Math.min(seconds - 1, Math.round((performance.now() - began) / 1000))),
    1000,
  );
  await runFor(1000 * seconds);
  clearInterval(ticker);
  progress(seconds);
  const took = (performance.now() - began) / 1000;
  const lost = await lostOf(promised, system);
  await delay(1000 * rest);

  const routes = [...latencies].toSorted().map(([route, histogram]) => ({
    route,
    requests: histogram.count,
    'p50, ms': percentile(histogram, 50),
    'p95, ms': percentile(histogram, 95),
    'p99, ms': percentile(histogram, 99),
  }));
  const result = {
    'conversations accepted a second': round(accepted / took),
    'requests a second': round(routes.reduce((sum, { requests }) => sum + requests, 0) / took),
    'memory at the start, MB': Math.round(memoryAtStart),
    'memory warmed up, MB': Math.round(memoryWarm),
    'memory at the end, MB': Math.round(system.memory()),
    errors: errors.length,
    lost: lost.length,
  };
  if (values.json) console.log(JSON.stringify({ routes, ...result }));
  else {
    console.table(routes);
    console.log(JSON.stringify(result, null, 2));
  }
  for (const fault of [...errors, ...lost].slice(0, 10)) console.error(fault);
  if (errors.length + lost.length > 0) process.exitCode = 1;
});

/** Notes what the answer promises; resolves to what is wrong with it. */
async function send(
  { kind, path, headers, body, accepts }: LoadRequest,
  { url }: RunningSystem,
  { conversations, jobs }: Promised,
): Promise<string | undefined> {
  try {
    const response = await fetch(url + path, {
      headers,
      ...(body !== undefined && { method: 'POST', body }),
    });
    const text = await response.text();
    if (!response.ok) return `${path} was answered ${response.status}: ${text.slice(0, 200)}`;
    const { data } = JSON.parse(text) as { data: { id: string; attributes: { conversation: string } } };
    if (kind === 'hook') conversations.add(data.attributes.conversation);
    else if (kind === 'create') conversations.add(data.id);
    else if (kind === 'bulk') jobs.set(data.id, accepts);
    return undefined;
  } catch (error) {
    return `${path} was not answered: ${String(error)}`;
  }
}

function percentile(histogram: RecordableHistogram, of: number): number {
  return round(histogram.percentile(of) / 1000);
}
