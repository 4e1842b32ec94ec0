import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import type { handler as Handler } from '../../../functions/handlers/write-drafts.ts';
import { SecretsFile } from '../../../local/secrets/secrets-file.ts';
import { startSecretsServer } from '../../../local/secrets/secrets-server.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { author } from '../../conversations/asked.ts';
import { lambdaContext } from '../../lambda/invocation.ts';
import { startFaultyProxy, type FaultyProxy } from '../../servers/faulty-proxy.ts';
import { startSqs, type SqsServer } from '../../servers/sqs-server.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

jest.setTimeout(30_000);

const messageOf = (conversation: Conversation) => JSON.stringify({ version: 1, conversation });

describe('write-drafts before Kustomer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  const secretsFile = new SecretsFile(join(folder, 'secrets.json'));
  let vendor: Vendor;
  let key: string;
  let proxy: FaultyProxy;
  let sqs: SqsServer;
  let secrets: Awaited<ReturnType<typeof startSecretsServer>>;
  let handler: typeof Handler;
  let queue: string;
  let deadLetters: string;
  beforeAll(async () => {
    vendor = await openVendor();
    [proxy, sqs, secrets] = await Promise.all([
      startFaultyProxy(vendor.url),
      startSqs(),
      startSecretsServer(secretsFile),
    ]);
    secrets.serve(new Set(['kustomer-key']));
    queue = sqs.queue();
    deadLetters = sqs.queue();
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      KUSTOMER_BASE_URL: proxy.url,
      KUSTOMER_KEY_ARN: 'kustomer-key',
      KUSTOMER_RESERVED_SHARE: '0.2',
      ORGANISATION_ID: author.org,
      DRAFTS_QUEUE_URL: queue,
      DEAD_LETTERS_URL: deadLetters,
      BULK_JOBS_TABLE: 'none',
      DELIVERIES_TABLE: 'none',
      MAX_RECEIVES: '5',
    });
    ({ handler } = await import('../../../functions/handlers/write-drafts.ts'));
  }, 90_000);
  beforeEach(() => proxy.reset());
  afterAll(async () => {
    await Promise.all([proxy.close(), sqs.close(), secrets.stop()]);
    vendor.close();
    rmSync(folder, { recursive: true });
  });

  /** Lets the function have a message; resolves to the record if it stays on the queue. */
  async function run(conversation: Conversation, receives = 1): Promise<SQSRecord | undefined> {
    sqs.put(queue, messageOf(conversation));
    const [record] = await sqs.receive(queue);
    const nth = { ...record!.attributes, ApproximateReceiveCount: String(receives) };
    const context = { ...lambdaContext, getRemainingTimeInMillis: () => 15_000 };
    const { batchItemFailures } = await handler({ Records: [{ ...record!, attributes: nth }] }, context);
    return batchItemFailures.length > 0 ? record : undefined;
  }
  const pauseOf = (record: SQSRecord | undefined) => sqs.pauses(queue).get(record?.messageId ?? '') ?? 0;
  const find = (id: string) => storeAt(vendor.url, key).find(author.org, id);
  const reset = () => String(Math.floor(Date.now() / 1000) + 60);

  it('leaves messages for five minutes while there is no key, or none that is taken', async () => {
    for (const value of [undefined, 'ci_bad']) {
      if (value !== undefined) await secretsFile.put('kustomer-key', value);
      const pause = pauseOf(await run(delivered('no key')));
      expect(pause).toBeGreaterThan(290_000);
      expect(pause).toBeLessThan(310_000);
    }
    expect(await sqs.receive(deadLetters)).toEqual([]);
  });

  it('takes up the key once it is set, and makes the conversation there', async () => {
    key = await vendor.newOrganisation();
    await secretsFile.put('kustomer-key', key);
    expect(await run(delivered('first'))).toBeUndefined();
    expect(await find(delivered('first').id)).toMatchObject({ id: delivered('first').id });
    expect(await run(delivered('first'))).toBeUndefined();
  });

  it('sends what the vendor refuses to the dead letters, with the vendor’s own words', async () => {
    proxy.spoil('POST', {
      status: 400,
      body: '{"errors":[{"code":"badparam","title":"No such attribute"}]}',
    });
    expect(await run(delivered('refused'))).toBeUndefined();
    expect(await sqs.receive(deadLetters)).toMatchObject([
      { messageAttributes: { reason: { stringValue: 'Problem: No such attribute' } } },
    ]);
  });

  it('brings a message back as ever when no answer comes', async () => {
    proxy.spoil('POST', 'reset before', 'reset before', 'reset before');
    expect(pauseOf(await run(delivered('silent')))).toBeLessThanOrEqual(10_000);
  });

  it('leaves a message until the reset after a 429', async () => {
    proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset() } });
    const pause = pauseOf(await run(delivered('limited')));
    expect(pause).toBeGreaterThan(55_000);
    expect(pause).toBeLessThan(70_000);
  });

  it('sends it anew instead of letting a limit be its last receive', async () => {
    // The budget is still used up: nothing is asked of the vendor.
    const conversation = delivered('limited to the last');
    expect(await run(conversation, 5)).toBeUndefined();
    expect(proxy.seen).toEqual([]);
    expect(sqs.delays(queue)).toHaveLength(1);
    expect(await sqs.receive(deadLetters)).toEqual([]);
  });
});
