import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { splitIntoBatches } from '../../functions/bulk/split-into-batches.ts';
import { resolveCustomer } from '../../functions/conversations/draft.ts';
import { writeMessage, type DraftMessage } from '../../functions/queue/draft-message.ts';
import { DraftsQueue } from '../../functions/queue/drafts-queue.ts';
import { author, objectId } from '../conversations/asked.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';
import { bulkItems, filler } from './bulk-items.ts';

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const mebibyte = 1024 * 1024;
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const sqsText = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** The messages of a bulk job of so many items. */
function messagesOf(count: number, more?: (index: number) => object): DraftMessage[] {
  return splitIntoBatches(bulkItems(count, more)).map(({ number, first, items }) => ({
    version: 1,
    batch: {
      ...author,
      job: objectId(1),
      createdAt: '2026-01-01T00:00:00.000Z',
      number,
      first,
      drafts: items.map(({ draft }) => resolveCustomer(author.org, draft)),
    },
  }));
}

describe('sending the batches of a job', () => {
  let sqs: SqsServer;
  let url: string;
  let requests: { count: number; bytes: number }[];
  beforeAll(async () => {
    sqs = await startSqs();
    sqs.client.middlewareStack.add(
      (next) => (args) => {
        const { Entries = [] } = args.input as { Entries?: { MessageBody: string }[] };
        const bytes = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
        if (Entries.length > 0) requests.push({ count: Entries.length, bytes });
        return next(args);
      },
      { step: 'initialize' },
    );
  });
  beforeEach(() => {
    url = sqs.queue();
    requests = [];
  });
  afterAll(() => sqs.close());

  it('puts every batch on the queue once, in tens', async () => {
    const messages = messagesOf(2500);
    await new DraftsQueue(sqs.client, url).sendAll(messages);
    expect(requests.map(({ count }) => count).toSorted()).toEqual([10, 10, 5].toSorted());
    const bodies = (await sqs.receive(url)).map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(messages.map(writeMessage).toSorted());
  });

  it('asks SQS in no request for more than it takes, however large the items', async () => {
    const wide = () => ({
      custom: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}Str`, filler(1024)])),
    });
    const messages = messagesOf(200, wide);
    await new DraftsQueue(sqs.client, url).sendAll(messages);
    expect(requests.reduce((sum, { count }) => sum + count, 0)).toBe(messages.length);
    expect(requests.length).toBeGreaterThan(messages.length / 10);
    for (const { bytes } of requests) expect(bytes).toBeLessThanOrEqual(mebibyte);
    expect(await sqs.receive(url)).toHaveLength(messages.length);
  });

  it('fails when SQS does not have all of them', async () => {
    const nowhere = new DraftsQueue(sqs.client, `${sqs.endpoint}/000000000000/nowhere`);
    await expect(nowhere.sendAll(messagesOf(1))).rejects.toThrow();
  });

  it.each([
    ['controls', '\u0000\u0001\u001f\u007f'],
    ['the characters that XML has no form for', '\ufffe\uffff'],
    ['text of all planes', 'é字🦀\u{10ffff}'],
  ])('sends %s in characters that SQS takes, and they come back as they were', async (_, name) => {
    const messages = messagesOf(1, () => ({ name }));
    expect(writeMessage(messages[0]!)).toMatch(sqsText);
    await new DraftsQueue(sqs.client, url).sendAll(messages);
    const [record] = await sqs.receive(url);
    expect(JSON.parse(record?.body ?? '')).toHaveProperty('batch.drafts.0.name', name);
  });
});
