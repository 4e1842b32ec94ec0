/**
 * How much of what the vendor's limit allows does the relay use, with a full queue, and how often does it run into the limit?
 * See bench/README.md. Usage: npm run bench:relay-drain [-- --drafts 20000 --requests 50 --window 20] [--json]
 */
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { conversationFrom } from '../functions/conversations/conversation.ts';
import { DraftsQueue } from '../functions/queue/drafts-queue.ts';
import { startLocalSystem } from '../local/start-local-system.ts';
import { startLimitedVendor } from './limited-vendor.ts';
import { customer } from './local-system.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({
  options: {
    drafts: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '50' },
    window: { type: 'string', default: '20' },
    json: { type: 'boolean' },
  },
});
const [drafts, limit, seconds] = [Number(values.drafts), Number(values.requests), Number(values.window)];
/** What a stage leaves to others unless it says otherwise. */
const usable = limit - Math.ceil(limit * 0.2);

const vendor = await startLimitedVendor(limit, seconds);
const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
const context = { stage: 'dev', kustomerBaseUrl: vendor.url };
const system = await startLocalSystem({ dataDir, port: 0, context, kustomerKey: 'any' });
const sqs = new SQSClient({
  endpoint: system.runtime.endpoints.sqs,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
try {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const queue = new DraftsQueue(
    sqs,
    QueueUrls.find((url) => url.includes('/Drafts'))!,
  );
  const author = { org: system.org, user: '58190b991f2932100010d683' };
  await queue.sendAll(
    Array.from({ length: drafts }, (_, n) => ({
      version: 1,
      conversation: conversationFrom({ customer, name: `Row ${n}` }, author, {
        kind: 'hook',
        source: 'export',
        event: String(n),
      }),
    })),
  );
  while (vendor.records.size < drafts) {
    await setTimeout(500);
    if (process.stderr.isTTY) process.stderr.write(`\r${vendor.records.size} of ${drafts}`);
  }
  const all = [...vendor.windows.values()].filter(({ records }) => records > 0);
  // The first began before there was work, and the last ends after it.
  const whole = all.slice(1, -1);
  const share = whole.reduce((sum, { records }) => sum + records, 0) / (whole.length * usable * 100);
  const refused = Math.max(...[...vendor.windows.values()].map((window) => window.refused));
  const result = {
    drafts,
    'requests a window': limit,
    'of which the relay may use': usable,
    'whole windows': whole.length,
    'share of the limit': round(share, 3),
    'most 429 in a window': refused,
    'handed over twice': [...vendor.records.values()].filter((times) => times > 1).length,
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  if (share < 0.98 || refused > 1) process.exitCode = 1;
} finally {
  sqs.destroy();
  await system.close();
  await vendor.close();
  rmSync(dataDir, { recursive: true });
}
