/**
 * Does what a warm function keeps in memory grow with its invocations? See bench/README.md.
 * Usage: npm run bench:warm-heap [-- --invocations 50000] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { mintApiKey } from '../functions/access/api-key.ts';
import { conversationFrom } from '../functions/conversations/conversation.ts';
import { parseDraft, resolveCustomer } from '../functions/conversations/draft.ts';
import { writeMessage } from '../functions/queue/draft-message.ts';
import { showProgress } from '../cli/show-progress.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { deployedHandler } from './deployed-handler.ts';
import { createEvent, releaseEnvironment, releaseEvent } from './invocation-events.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({
  options: { invocations: { type: 'string', default: '50000' }, json: { type: 'boolean' } },
});
const invocations = Number(values.invocations);
/** After so many all is compiled, and what is kept for a time is there. */
const settled = invocations / 5;
/** What may be kept of an invocation, in bytes: anything of it that is kept at all, if only its id, is more. */
const mostKept = 16;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const org = '57f29863a1dbf61100e6aa92';
const secret = 'a-secret-that-is-long-enough-for-all';
const { key, record } = mintApiKey({ org, user: org, roles: ['org'] });
const folder = mkdtempSync(join(tmpdir(), 'warm-heap-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
const functions = deployedFunctions(join(folder, 'cdk.out'));
const log = process.stdout.write.bind(process.stdout);
// Functions log to it.
process.stdout.write = () => true;

interface Answer {
  statusCode?: number;
  batchItemFailures?: unknown[];
}

const rows = [
  await heapOf('ReceiveHook', secret, (index) => releaseEvent(secret, index)),
  await heapOf('CreateConversation', JSON.stringify(record), (index) => createEvent(key, index)),
  await heapOf('WriteDrafts', '', draftsEvent),
];
process.stdout.write = log;
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
process.exitCode = rows.some((row) => row['bytes an invocation'] > mostKept) ? 1 : 0;

/** What is in use after garbage is collected, early and late. `stored` is every item and secret of the AWS stub. */
async function heapOf(name: string, stored: string, eventOf: (index: number) => object) {
  const stub = new Worker(new URL('./aws-stub.ts', import.meta.url), { workerData: stored });
  const endpoint = `http://127.0.0.1:${await new Promise<number>((resolve) => stub.once('message', resolve))}`;
  const deployed = functions.find((each) => each.name === name)!;
  const handler = deployedHandler<Answer>(deployed, endpoint, releaseEnvironment(endpoint));
  const progress = showProgress(invocations);
  let early = 0;
  for (let index = 0; index < invocations; index++) {
    if (index === settled) early = heapUsed();
    if (index % 1000 === 0) progress.show(index, name);
    const answer = await handler(eventOf(index), { awsRequestId: `request-${index}` });
    if ((answer.statusCode ?? 201) > 202 || answer.batchItemFailures?.length)
      throw new Error(JSON.stringify(answer));
  }
  progress.end();
  const late = heapUsed();
  await stub.terminate();
  return {
    function: name,
    [`after ${settled}, kB`]: Math.round(early / 1024),
    [`after ${invocations}, kB`]: Math.round(late / 1024),
    'bytes an invocation': round((late - early) / (invocations - settled)),
  };
}

/** Of the heap, and of buffers beside it, in bytes. */
function heapUsed(): number {
  for (let times = 0; times < 3; times++) collectGarbage();
  const { heapUsed: used, external } = process.memoryUsage();
  return used + external;
}

/** A conversation that a source asked for, and a batch of a bulk job. */
function draftsEvent(index: number): object {
  const customer = '58210c3db0f09110006b7953';
  const draft = resolveCustomer(org, parseDraft({ customer, name: `Where is order ${index}?` }));
  const origin = { kind: 'hook', source: 'github-releases', event: String(index) } as const;
  const conversation = conversationFrom(draft, { org, user: org }, origin);
  const job = index.toString(16).padStart(24, '0');
  const batch = { job, org, user: org, createdAt: conversation.createdAt, number: 1, first: 0 };
  const bodies = [
    writeMessage({ version: 1, conversation }),
    writeMessage({ version: 1, batch: { ...batch, drafts: [draft] } }),
  ];
  const Records = bodies.map((body, at) => ({
    messageId: `${index}-${at}`,
    receiptHandle: `${index}-${at}`,
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    body,
  }));
  return { Records };
}
