/**
 * How much memory do submit-bulk and write-drafts take for the largest request, against what they are given?
 * See bench/README.md. Usage: npm run bench:peak-memory [-- --json]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { mintApiKey } from '../functions/access/api-key.ts';
import { parseDraft, resolveCustomer } from '../functions/conversations/draft.ts';
import { writeMessage } from '../functions/queue/draft-message.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
const org = '57f29863a1dbf61100e6aa92';
const { key, record } = mintApiKey({ org, user: org, roles: ['org'] });
const folder = mkdtempSync(join(tmpdir(), 'peak-memory-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
const stub = new Worker(new URL('./aws-stub.ts', import.meta.url), {
  workerData: JSON.stringify(record),
});
const port = await new Promise<number>((resolve) => stub.once('message', resolve));
const functions = deployedFunctions(join(folder, 'cdk.out'));

/** 10,000 items in just under 5 MB. */
const items = Array.from({ length: 10_000 }, (_, index) => ({
  customer: '58210c3db0f09110006b7953',
  name: `Where is order ${index}?`,
  custom: { noteTxt: 'x'.repeat(395), orderNum: index },
}));

const rows = [
  peak('SubmitBulk', {
    routeKey: 'POST /v1/conversations/bulk',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    requestContext: { requestId: 'largest' },
    isBase64Encoded: false,
    body: JSON.stringify(items),
  }),
  peak('WriteDrafts', { Records: records() }),
];
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
if (rows.some(({ share }) => share > 0.5)) process.exitCode = 1;
await stub.terminate();

/** The job's 100 batches, all in one event: Lambda hands over at most 6 MB. */
function records() {
  return Array.from({ length: 100 }, (_, batch) => ({
    messageId: String(batch),
    receiptHandle: String(batch),
    attributes: { ApproximateReceiveCount: '1' },
    body: writeMessage({
      version: 1,
      batch: {
        job: org,
        org,
        user: org,
        createdAt: '2026-01-01T00:00:00.000Z',
        number: batch + 1,
        first: batch * 100,
        drafts: items
          .slice(batch * 100, (batch + 1) * 100)
          .map((item) => resolveCustomer(org, parseDraft(item))),
      },
    }),
  }));
}

/** The peak of resident memory in MB of a process that handles the event once, as Lambda counts it. */
function peak(name: string, event: object) {
  const lambda = functions.find((deployed) => deployed.name === name)!;
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(event));
  const peakFile = `${file}.peak`;
  const script = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const { handler } = require(${JSON.stringify(join(lambda.asset, 'index.js'))});
    const event = JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'));
    handler(event, { awsRequestId: 'largest' }).then((answer) => {
      const isDone = answer.statusCode === 201 || answer.batchItemFailures?.length === 0;
      if (!isDone) throw new Error(JSON.stringify(answer).slice(0, 500));
      writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS));
    });`;
  const env = {
    ...lambda.environment,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    DRAFTS_QUEUE_URL: `http://127.0.0.1:${port}/queue`,
  };
  execFileSync(process.execPath, ['-e', script], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const megabytes = Number(readFileSync(peakFile, 'utf8')) / 1024; // getrusage counts in KB
  return {
    function: name,
    'peak, MB': Math.round(megabytes),
    'setting, MB': lambda.memory,
    share: round(megabytes / lambda.memory, 2),
  };
}
