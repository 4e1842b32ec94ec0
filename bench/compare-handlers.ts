import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deployedFunctions } from './deployed-functions.ts';
import { deployedHandler, requireHandler, type Handler } from './deployed-handler.ts';
import { median, round } from './statistics.ts';

/** A deployed function, and the bare handler that it is measured against. */
export interface Comparison {
  /** Name of the function's construct. */
  name: string;
  /** File in bench/ that exports the bare `handler`. */
  bare: string;
  /** What every item and secret of the AWS stub is. */
  stored: string;
  /** Variables beside those of the template, where AWS is at `endpoint`. */
  environment?(endpoint: string): Record<string, string>;
  /** The event of a call, by its number from 0. */
  eventOf(index: number): object;
  /** What both must answer. */
  status: number;
  rounds: number;
}

/** Calls that are measured together: a single one is too short for the clock. */
const perRound = 40;

/**
 * Processor time of a warm call of the deployed bundle against that of the bare handler, bundled by esbuild's defaults, and the calls of
 * AWS that ours makes. AWS is a stub on another thread, whose time is not counted. Ends the process's standard output for the functions,
 * which log to it: what is to be shown goes through `show`.
 */
export async function compareHandlers(
  comparison: Comparison,
): Promise<{ result: Result; show: (text: string) => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'compare-handlers-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const stub = new Worker(new URL('./aws-stub.ts', import.meta.url), { workerData: comparison.stored });
  const reply = <Message>() => new Promise<Message>((resolve) => stub.once('message', resolve));
  const calls = async () => {
    stub.postMessage('calls');
    return await reply<Record<string, number>>();
  };
  const endpoint = `http://127.0.0.1:${await reply<number>()}`;
  const deployed = deployedFunctions(join(folder, 'cdk.out')).find(({ name }) => name === comparison.name)!;
  const ours: Handler = deployedHandler(deployed, endpoint, comparison.environment?.(endpoint));
  const bare = await loadBare(comparison.bare, folder);
  const show = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;

  const pairs: { ours: number; bare: number }[] = [];
  for (let at = -15; at < comparison.rounds; at++) {
    const pair = { ours: await measure(ours, comparison), bare: await measure(bare, comparison) };
    if (at >= 0) pairs.push(pair); // The first rounds warm the compiler up.
  }
  const before = await calls();
  await measure(ours, comparison);
  const after = await calls();
  await stub.terminate();
  const result = {
    'ours, us of CPU': round(median(pairs.map((pair) => pair.ours))),
    'bare, us of CPU': round(median(pairs.map((pair) => pair.bare))),
    // Pair by pair, so that what slows the machine for a while slows both.
    ratio: round(median(pairs.map((pair) => pair.ours / pair.bare)), 2),
    'AWS calls': Object.fromEntries(
      Object.entries(after)
        .map(([action, count]) => [action, (count - (before[action] ?? 0)) / perRound] as const)
        .filter(([, count]) => count > 0),
    ),
  };
  return { result, show: (text) => void show(`${text}\n`) };
}

/** What was measured: medians of all rounds, a call each. */
export interface Result {
  'ours, us of CPU': number;
  'bare, us of CPU': number;
  ratio: number;
  'AWS calls': Record<string, number>;
}

/** Microseconds of this thread's processor time that one call takes, one after the other. */
async function measure(handler: Handler, { eventOf, status }: Comparison): Promise<number> {
  const events = Array.from({ length: perRound }, (_, index) => eventOf(index));
  const began = process.threadCpuUsage();
  for (const [index, event] of events.entries()) {
    const { statusCode } = await handler(event, { awsRequestId: `request-${index}` });
    if (statusCode !== status) throw new Error(`answered ${statusCode}`);
  }
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / perRound;
}

async function loadBare(file: string, folder: string): Promise<Handler> {
  const outfile = join(folder, 'bare.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, file)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
  });
  return requireHandler(outfile);
}
