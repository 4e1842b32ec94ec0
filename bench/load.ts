/**
 * What does the local system take of mixed traffic (hooks, creates, lists, bulk), how long do answers take, does its memory level off, and
 * is all there that was accepted? See bench/README.md. Usage: npm run bench:load [-- --seconds 60] [--clients 16] [--json]
 */
import type { RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { showProgress } from '../cli/show-progress.ts';
import { lostOf } from './load-check.ts';
import { LoadClients } from './load-clients.ts';
import { loadRequests } from './load-requests.ts';
import { withRunningSystem } from './running-system.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '16' },
    json: { type: 'boolean' },
  },
});
const seconds = wholeNumber('seconds', values.seconds);
const clients = wholeNumber('clients', values.clients);
/** Seconds at the begin that are not measured: functions start, and what they run is compiled. */
const warmUp = 5;
/** Seconds without a request before memory is looked at: Node collects garbage when it has nothing else to do. */
const rest = 5;
/** What memory at the end may come to, against half of the time: heaps still grow a little in a minute, so small leaks show in longer runs only. */
const mostGrowth = 1.1;

await withRunningSystem(async (system) => {
  const load = new LoadClients(system.url, loadRequests(system), clients);
  const memoryAtStart = system.memory();
  await load.run(1000 * warmUp);
  await delay(1000 * rest);
  const memoryWarm = system.memory();
  let memoryHalfway = memoryWarm;
  const progress = showProgress(seconds);
  let passed = 0;
  const ticker = setInterval(() => {
    passed++;
    if (passed === Math.ceil(seconds / 2)) memoryHalfway = system.memory();
    progress.show(Math.min(seconds - 1, passed));
  }, 1000);
  const measured = await load.run(1000 * seconds);
  clearInterval(ticker);
  progress.end();
  await delay(1000 * rest);
  // Before the check, which reads whole tables from the system.
  const memoryAtEnd = system.memory();
  const lost = await lostOf(load.promised, system);

  const routes = [...measured.latencies].toSorted().map(([route, histogram]) => ({
    route,
    requests: histogram.count,
    'p50, ms': percentile(histogram, 50),
    'p95, ms': percentile(histogram, 95),
    'p99, ms': percentile(histogram, 99),
  }));
  const requests = routes.reduce((sum, { requests: count }) => sum + count, 0);
  const result = {
    'conversations accepted a second': round(measured.accepted / measured.seconds),
    'requests a second': round(requests / measured.seconds),
    'memory at the start, MB': Math.round(memoryAtStart),
    'memory warmed up, MB': Math.round(memoryWarm),
    'memory halfway, MB': Math.round(memoryHalfway),
    'memory at the end, MB': Math.round(memoryAtEnd),
    growth: round(memoryAtEnd / memoryHalfway, 2),
    errors: load.errors.length,
    lost: lost.length,
  };
  if (values.json) console.log(JSON.stringify({ routes, ...result }));
  else {
    console.table(routes);
    console.log(JSON.stringify(result, null, 2));
  }
  for (const fault of [...load.errors.slice(0, 10), ...lost.slice(0, 10)]) console.error(fault);
  // A run that is shorter is over before every function has as many threads as it gets.
  const grew = seconds >= 60 && result.growth > mostGrowth;
  if (load.errors.length + lost.length > 0 || grew) process.exitCode = 1;
});

function percentile(histogram: RecordableHistogram, of: number): number {
  return round(histogram.percentile(of) / 1000);
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  console.error(`--${option} ${text} is not a whole number above 0.`);
  process.exit(1);
}
