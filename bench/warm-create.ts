/**
 * What does a warm create cost in processor time, against a bare handler that parses, puts and answers?
 * See bench/README.md. Usage: npm run bench:warm-create [-- --rounds 80] [--json]
 */
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { mintApiKey } from '../functions/access/api-key.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { median, round } from './statistics.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '80' }, json: { type: 'boolean' } },
});
const perRound = 40;

type Handler = (event: object, context: object) => Promise<{ statusCode: number }>;
const customer = '58210c3db0f09110006b7953';
const user = '57f29863a1dbf61100e6aa92';
const { key, record } = mintApiKey({ org: user, user, roles: ['org'] });

const folder = mkdtempSync(join(tmpdir(), 'warm-create-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
const stub = new Worker(new URL('./dynamodb-stub.ts', import.meta.url), {
  workerData: JSON.stringify(record),
});
const port = await reply<number>();
const ours = await load('CreateConversation');
const bare = await loadBare();
// The functions log to standard output: made, but not shown.
const show = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const cpu: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
for (let at = -15; at < Number(values.rounds); at++) {
  const times = { ours: await measure(ours), bare: await measure(bare) };
  if (at < 0) continue; // The first rounds warm the compiler up.
  cpu.ours.push(times.ours);
  cpu.bare.push(times.bare);
}
const before = await calls();
await measure(ours);
const after = await calls();
const result = {
  'ours, us of CPU': round(median(cpu.ours)),
  'bare, us of CPU': round(median(cpu.bare)),
  // Pair by pair, so that what slows the machine for a while slows both.
  ratio: round(median(cpu.ours.map((ours, at) => ours / cpu.bare[at]!)), 2),
  'AWS calls a create': Object.fromEntries(
    Object.entries(after)
      .map(([action, count]) => [action, (count - (before[action] ?? 0)) / perRound] as const)
      .filter(([, count]) => count > 0),
  ),
};
show(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
if (result.ratio > 1.5) process.exitCode = 1;
await stub.terminate();

/** Microseconds of this thread's processor time that one create takes, one after the other. */
async function measure(handler: Handler): Promise<number> {
  const began = process.threadCpuUsage();
  for (let index = 0; index < perRound; index++) {
    const { statusCode } = await handler(eventOf(index), { awsRequestId: `request-${index}` });
    if (statusCode !== 201) throw new Error(`answered ${statusCode}`);
  }
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / perRound;
}

function eventOf(index: number): object {
  return {
    version: '2.0',
    routeKey: 'POST /v1/customers/{id}/conversations',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    pathParameters: { id: customer },
    requestContext: { requestId: `gateway-${index}-${Math.random()}` },
    isBase64Encoded: false,
    body: JSON.stringify({
      name: 'Where is my order?',
      priority: 2,
      tags: ['order', 'late'],
      custom: { orderNum: 1000 + index, planStr: 'gold', orderedAt: '2026-01-01T00:00:00Z', vipBool: true },
    }),
  };
}

async function load(name: string): Promise<Handler> {
  const lambda = deployedFunctions(join(folder, 'cdk.out')).find((deployed) => deployed.name === name)!;
  Object.assign(process.env, lambda.environment, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
  });
  return requireHandler(join(lambda.asset, 'index.js'));
}

async function loadBare(): Promise<Handler> {
  const outfile = join(folder, 'bare.cjs');
  const entry = join(import.meta.dirname, 'bare-create.ts');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
  });
  return requireHandler(outfile);
}

function requireHandler(file: string): Handler {
  return (createRequire(import.meta.url)(file) as { handler: Handler }).handler;
}

async function calls(): Promise<Record<string, number>> {
  stub.postMessage('calls');
  return await reply();
}

function reply<Message>(): Promise<Message> {
  return new Promise((resolve) => stub.once('message', resolve));
}
