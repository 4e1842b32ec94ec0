import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BulkJobsTable } from '../../../functions/bulk/bulk-jobs-table.ts';
import type { BatchOutcome } from '../../../functions/bulk/bulk-job.ts';
import { conversationsOf } from '../../../functions/bulk/batch-work.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { workOf } from '../../../functions/drafts/ask.ts';
import { handOver } from '../../../functions/drafts/hand-over.ts';
import type { BatchWork } from '../../../functions/queue/draft-message.ts';
import { aJob } from '../../bulk/a-job.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { author, customer, objectId } from '../../conversations/asked.ts';
import { events, messageOf, openBulkConsumer, type BulkConsumer } from './bulk-consumer.ts';
import { storeAt } from './vendor.ts';

jest.setTimeout(60_000);

/** A batch of a job, each of whose items has a name. */
const batch = (number: number, items: number, job = 1): BatchWork => ({
  job: objectId(job),
  ...author,
  createdAt: aJob().createdAt,
  number,
  first: (number - 1) * 100,
  drafts: Array.from({ length: items }, (_, n) => ({ customer, name: `Item ${n}` })),
});

describe('write-drafts before Kustomer, with many messages', () => {
  let consumer: BulkConsumer;
  beforeAll(async () => {
    consumer = await openBulkConsumer();
  }, 90_000);
  beforeEach(() => consumer.clear());
  afterAll(() => consumer.close());

  const bulks = () => consumer.requestsSeen().filter((each) => each === 'POST /v1/conversations/bulk').length;
  const outcomesOf = (job: number): Promise<Map<number, BatchOutcome>> =>
    new BulkJobsTable(consumer.dynamo.client, consumer.bulkJobs).outcomes(aJob({ id: objectId(job) }));

  it('hands a hundred of them over with one request, and asks later what became of them', async () => {
    const hundred = events(100);
    consumer.put(...hundred.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(consumer.requestsSeen()).toEqual(['POST /v1/conversations/bulk']);
    expect(consumer.followUps()).toMatchObject([{ handedOver: { bulks: [{ count: 100 }] } }]);
    expect(consumer.sqs.delays(consumer.queue)[0]).toBeLessThanOrEqual(5000);
    await consumer.followUp();
    expect(await consumer.areThere(hundred)).toBe(true);
    expect(await consumer.letters()).toEqual([]);
    expect(bulks()).toBe(1);
  });

  it('creates two of them one by one: that takes no more requests, and is over at once', async () => {
    consumer.put(...events(2, 'few').map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(bulks()).toBe(0);
    expect(consumer.followUps()).toEqual([]);
    expect(await consumer.areThere(events(2, 'few'))).toBe(true);
  });

  it('fills requests with messages and batches of jobs, and writes to each job what became of its items', async () => {
    const batches = [batch(1, 60), batch(2, 30), batch(3, 50)];
    consumer.put(
      ...batches.map((each) => ({ version: 1, batch: each })),
      ...events(10, 'among jobs').map(messageOf),
    );
    await consumer.run();
    expect(bulks()).toBe(2);
    expect(await outcomesOf(1)).toEqual(new Map());
    await consumer.followUp();
    for (const each of batches) {
      const outcome = (await outcomesOf(1)).get(each.number);
      expect(outcome).toMatchObject({
        status: 'complete',
        outcomes: conversationsOf(each).map(({ id }) => ({ id })),
      });
    }
    expect(await consumer.areThere(batches.flatMap(conversationsOf))).toBe(true);
  });

  it('sends no more bytes than the vendor takes in a request, and asks about all that one message needs', async () => {
    /** Custom attributes of so many KB. */
    const custom = (size: number) =>
      Object.fromEntries(Array.from({ length: size }, (_, n) => [`part${n}Str`, 'x'.repeat(1000)]));
    const large = events(4, 'large').map((each) => ({ ...each, custom: custom(30) }));
    const few = batch(1, 5, 2);
    const long = { ...few, drafts: few.drafts.map((draft) => ({ ...draft, custom: custom(30) })) };
    consumer.put(...large.map(messageOf), { version: 1, batch: long });
    expect(await consumer.run()).toEqual([]);
    const sizes = consumer.proxy.seen.filter(({ url }) => url.endsWith('/bulk')).map(({ bytes }) => bytes);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
    expect(consumer.followUps().map(({ handedOver }) => handedOver.bulks.map(({ count }) => count))).toEqual(
      expect.arrayContaining([[3], [3, 2]]),
    );
    await consumer.followUp();
    expect(await consumer.areThere([...large, ...conversationsOf(long)])).toBe(true);
    expect((await outcomesOf(2)).get(1)?.outcomes).toEqual(conversationsOf(long).map(({ id }) => ({ id })));
  });

  it('hands over again what comes again, and finds that it is there', async () => {
    const twenty = events(20, 'twice');
    consumer.put(...twenty.map(messageOf));
    await consumer.run();
    consumer.put(...twenty.map(messageOf));
    await consumer.run();
    await consumer.followUp();
    expect(await consumer.letters()).toEqual([]);
    expect(await consumer.areThere(twenty)).toBe(true);
  });

  it('keeps what it could not put on the queue to be asked about: handed over again, it is there once', async () => {
    const twenty = events(20, 'no follow-up');
    const store = storeAt(consumer.vendor.url, consumer.key);
    const error = new Error('SQS is away');
    const queue = { send: () => Promise.reject(error) };
    const handed = await handOver(
      twenty.map(messageOf).flatMap((message) => [...workOf(message).asks]),
      {
        store,
        bulk: store.inBulk,
        queue,
      },
    );
    expect(handed.map(([, outcomes]) => outcomes)).toEqual(twenty.map(() => [{ kind: 'failed', error }]));
    consumer.put(...twenty.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    await consumer.followUp();
    expect(await consumer.areThere(twenty)).toBe(true);
    expect(await consumer.letters()).toEqual([]);
  });

  it('takes out what makes the vendor refuse a whole request, and hands over the rest', async () => {
    const ten = events(10, 'faulty');
    const faulty: Conversation = { ...ten[4]!, custom: { plan: 'no suffix' } };
    const nine = ten.filter((_, n) => n !== 4);
    consumer.put(...ten.map((each, n) => messageOf(n === 4 ? faulty : each)));
    await consumer.run();
    expect(bulks()).toBe(2);
    expect(await consumer.letters()).toMatchObject([
      { message: messageOf(faulty), reason: expect.stringContaining('/custom/plan') },
    ]);
    await consumer.followUp();
    expect(await consumer.areThere(nine)).toBe(true);
  });

  it('creates them one by one when the refusal does not say what it is about', async () => {
    consumer.proxy.spoil('POST', { status: 400, body: '{"errors":[{"code":"bad_request","title":"No"}]}' });
    const five = events(5, 'who knows');
    consumer.put(...five.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(await consumer.areThere(five)).toBe(true);
    expect(consumer.followUps()).toEqual([]);
  });

  it('creates alone what the vendor’s bulk does not take', async () => {
    const campaign = { ...delivered('campaign'), campaign: objectId(9) };
    consumer.put(...events(3, 'with it').map(messageOf), messageOf(campaign));
    await consumer.run();
    expect(consumer.requestsSeen().toSorted()).toEqual([
      'POST /v1/conversations/bulk',
      `POST /v1/customers/${customer}/conversations`,
    ]);
    await consumer.followUp();
    expect(await consumer.areThere([campaign])).toBe(true);
  });

  it('leaves all of them until the reset when a budget is used up, and asks nothing more of the vendor', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 60);
    consumer.proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    consumer.put(...events(100, 'limited').map(messageOf));
    expect(await consumer.run()).toHaveLength(100);
    consumer.put(...events(50, 'later').map(messageOf));
    expect(await consumer.run()).toHaveLength(50);
    expect(consumer.proxy.seen).toHaveLength(1);
    for (const pause of consumer.sqs.pauses(consumer.queue).values()) expect(pause).toBeGreaterThan(55_000);
    expect(await consumer.letters()).toEqual([]);
  });
});
