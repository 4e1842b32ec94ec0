import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BulkJobsTable } from '../../../functions/bulk/bulk-jobs-table.ts';
import type { BatchOutcome } from '../../../functions/bulk/bulk-job.ts';
import { conversationsOf } from '../../../functions/bulk/batch-work.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { workOf } from '../../../functions/drafts/ask.ts';
import { handOver } from '../../../functions/drafts/hand-over.ts';
import type { AskMessage, BatchWork, HandedOver } from '../../../functions/queue/draft-message.ts';
import { aJob } from '../../bulk/a-job.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { asked, author, customer, objectId } from '../../conversations/asked.ts';
import { openConsumer, type Consumer } from './consumer.ts';
import { storeAt } from './vendor.ts';

jest.setTimeout(60_000);

const messageOf = (conversation: Conversation): AskMessage => ({ version: 1, conversation });
const events = (count: number, name = 'event') =>
  Array.from({ length: count }, (_, n) => delivered(`${name}-${n}`));
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
  let consumer: Consumer;
  let key: string;
  beforeAll(async () => {
    consumer = await openConsumer();
    // The function keeps its key: all tests are in one organisation.
    key = await consumer.vendor.newOrganisation();
    await consumer.useKey(key);
  }, 90_000);
  beforeEach(async () => {
    consumer.proxy.reset();
    await consumer.sqs.purge(consumer.queue);
    await consumer.sqs.purge(consumer.deadLetters);
  });
  afterAll(() => consumer.close());

  const put = (...messages: object[]) => {
    for (const message of messages) consumer.sqs.put(consumer.queue, JSON.stringify(message));
  };
  const requestsSeen = () => consumer.proxy.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`);
  const bulks = () => requestsSeen().filter((request) => request === 'POST /v1/conversations/bulk').length;
  /** What was put on the queue to be asked about later. */
  const followUps = () =>
    consumer.sqs
      .delayed(consumer.queue)
      .map((body) => JSON.parse(body) as { version: 1; handedOver: HandedOver });
  /** Lets the function have the follow-ups at once, as often as it takes until it needs to ask no more. */
  async function followUp(): Promise<void> {
    for (let looks = 0; followUps().length > 0; looks++) {
      expect(looks).toBeLessThan(500);
      const due = followUps();
      await consumer.sqs.purge(consumer.queue);
      put(...due);
      expect(await consumer.run()).toEqual([]);
    }
  }
  const isThere = async ({ id }: Conversation) => (await consumer.find(id))?.id === id;
  const letters = async () =>
    (await consumer.sqs.receive(consumer.deadLetters)).map(({ body, messageAttributes }) => ({
      message: JSON.parse(body) as AskMessage,
      reason: messageAttributes['reason']?.stringValue,
    }));
  const outcomesOf = (job: number): Promise<Map<number, BatchOutcome>> =>
    new BulkJobsTable(consumer.dynamo.client, consumer.bulkJobs).outcomes(aJob({ id: objectId(job) }));

  it('hands a hundred of them over with one request, and asks later what became of them', async () => {
    const hundred = events(100);
    put(...hundred.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(requestsSeen()).toEqual(['POST /v1/conversations/bulk']);
    expect(followUps()).toMatchObject([{ handedOver: { bulks: [{ count: 100 }] } }]);
    expect(consumer.sqs.delays(consumer.queue)[0]).toBeLessThanOrEqual(5000);
    await followUp();
    expect(await Promise.all(hundred.map(isThere))).not.toContain(false);
    expect(await letters()).toEqual([]);
    expect(bulks()).toBe(1);
  });

  it('creates two of them one by one: that takes no more requests, and is over at once', async () => {
    put(...events(2, 'few').map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(bulks()).toBe(0);
    expect(followUps()).toEqual([]);
    expect(await Promise.all(events(2, 'few').map(isThere))).toEqual([true, true]);
  });

  it('fills requests with messages and batches of jobs, and writes to each job what became of its items', async () => {
    const batches = [batch(1, 60), batch(2, 30), batch(3, 50)];
    put(...batches.map((each) => ({ version: 1, batch: each })), ...events(10, 'among jobs').map(messageOf));
    await consumer.run();
    expect(bulks()).toBe(2);
    expect(await outcomesOf(1)).toEqual(new Map());
    await followUp();
    for (const each of batches) {
      const outcome = (await outcomesOf(1)).get(each.number);
      expect(outcome).toMatchObject({
        status: 'complete',
        outcomes: conversationsOf(each).map(({ id }) => ({ id })),
      });
    }
    expect(await Promise.all(batches.flatMap(conversationsOf).map(isThere))).not.toContain(false);
  });

  it('sends no more bytes than the vendor takes in a request, and asks about all that one message needs', async () => {
    /** Custom attributes of so many KB. */
    const custom = (size: number) =>
      Object.fromEntries(Array.from({ length: size }, (_, n) => [`part${n}Str`, 'x'.repeat(1000)]));
    const large = events(4, 'large').map((each) => ({ ...each, custom: custom(30) }));
    const few = batch(1, 5, 2);
    const long = { ...few, drafts: few.drafts.map((draft) => ({ ...draft, custom: custom(30) })) };
    put(...large.map(messageOf), { version: 1, batch: long });
    expect(await consumer.run()).toEqual([]);
    const sizes = consumer.proxy.seen.filter(({ url }) => url.endsWith('/bulk')).map(({ bytes }) => bytes);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
    expect(followUps().map(({ handedOver }) => handedOver.bulks.map(({ count }) => count))).toEqual(
      expect.arrayContaining([[3], [3, 2]]),
    );
    await followUp();
    expect(await Promise.all([...large, ...conversationsOf(long)].map(isThere))).not.toContain(false);
    expect((await outcomesOf(2)).get(1)?.outcomes).toEqual(conversationsOf(long).map(({ id }) => ({ id })));
  });

  it('looks again after a while when the vendor is still working, however often, and counts no receive for it', async () => {
    put(...events(5, 'slow').map(messageOf));
    await consumer.run();
    const [due] = followUps();
    await consumer.sqs.purge(consumer.queue);
    const running = { data: [{ attributes: { completed: false } }], meta: { pages: 1 } };
    consumer.proxy.spoil('GET', { status: 200, body: JSON.stringify(running) });
    const at = new Date(Date.now() - 20_000).toISOString();
    put({ ...due!, handedOver: { ...due!.handedOver, at } });
    expect(await consumer.run()).toEqual([]);
    expect(followUps()).toHaveLength(1);
    expect(consumer.sqs.delays(consumer.queue)[0]).toBeGreaterThan(15_000);
    await followUp();
  });

  it.each([
    ['has worked on it for too long', { data: [{ attributes: { completed: false } }], meta: {} }, 200],
    ['does not know it any more', { errors: [{ code: 'notfound', title: 'Not found' }] }, 404],
    [
      'tells nothing of the items',
      { data: [{ attributes: { completed: true, results: [] } }], meta: {} },
      200,
    ],
  ])('creates what is not there yet, one by one, when the vendor %s', async (reason, body, status) => {
    const seven = events(7, `lost as it ${reason}`);
    put(...seven.map(messageOf));
    // The vendor never has it.
    consumer.proxy.spoil('POST', { status: 201, body: '{"data":{"type":"bulk","id":"lost"}}' });
    await consumer.run();
    const [due] = followUps();
    await consumer.sqs.purge(consumer.queue);
    const answer = { status, body: JSON.stringify(body) };
    const complete = { status: 200, body: '{"data":{"attributes":{"completed":true}}}' };
    consumer.proxy.spoil(
      'GET',
      answer,
      ...('errors' in body || !body.data[0]!.attributes.completed ? [] : [complete]),
    );
    const at = new Date(Date.now() - 700_000).toISOString();
    put({ ...due!, handedOver: { ...due!.handedOver, at } });
    expect(await consumer.run()).toEqual([]);
    expect(followUps()).toEqual([]);
    expect(await Promise.all(seven.map(isThere))).not.toContain(false);
    expect(await letters()).toEqual([]);
  });

  it('asks again about the one that gets no answer, so that the others need not come back for it', async () => {
    const four = events(4, 'one without an answer');
    put(...four.map(messageOf));
    consumer.proxy.spoil('POST', { status: 201, body: '{"data":{"type":"bulk","id":"lost"}}' });
    await consumer.run();
    const due = followUps();
    await consumer.sqs.purge(consumer.queue);
    const notFound = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not found"}]}' };
    // One read, and its two repetitions; the others go through.
    consumer.proxy.spoil('GET', notFound, 'reset before', 'reset before', 'reset before', 'reset before');
    consumer.proxy.spoil(
      'GET',
      'reset before',
      'reset before',
      'reset before',
      'reset before',
      'reset before',
    );
    put(...due);
    expect(await consumer.run()).toEqual([]);
    expect(followUps()).toEqual([]);
    expect(await Promise.all(four.map(isThere))).not.toContain(false);
  });

  it('hands over again what comes again, and finds that it is there', async () => {
    const twenty = events(20, 'twice');
    put(...twenty.map(messageOf));
    await consumer.run();
    put(...twenty.map(messageOf));
    await consumer.run();
    await followUp();
    expect(await letters()).toEqual([]);
    expect(await Promise.all(twenty.map(isThere))).not.toContain(false);
  });

  it('keeps what it could not put on the queue to be asked about: handed over again, it is there once', async () => {
    const twenty = events(20, 'no follow-up');
    const store = storeAt(consumer.vendor.url, key);
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
    put(...twenty.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    await followUp();
    expect(await Promise.all(twenty.map(isThere))).not.toContain(false);
    expect(await letters()).toEqual([]);
  });

  it('keeps a refusal to the item that it is about', async () => {
    const holder = asked('holder', { id: objectId(500) });
    put(messageOf(holder));
    await consumer.run();
    const clash = delivered('clash');
    const taken: Conversation = { ...clash, id: objectId(500), externalId: 'another' };
    const ten = events(10, 'beside');
    put(...ten.map(messageOf), messageOf(taken));
    await consumer.run();
    await followUp();
    expect(await letters()).toEqual([
      { message: messageOf(taken), reason: `the id is held by conversation ${objectId(500)}` },
    ]);
    expect(await Promise.all(ten.map(isThere))).not.toContain(false);
  });

  it('takes out what makes the vendor refuse a whole request, and hands over the rest', async () => {
    const ten = events(10, 'faulty');
    const faulty: Conversation = { ...ten[4]!, custom: { plan: 'no suffix' } };
    const nine = ten.filter((_, n) => n !== 4);
    put(...ten.map((each, n) => messageOf(n === 4 ? faulty : each)));
    await consumer.run();
    expect(bulks()).toBe(2);
    expect(await letters()).toMatchObject([
      { message: messageOf(faulty), reason: expect.stringContaining('/custom/plan') },
    ]);
    await followUp();
    expect(await Promise.all(nine.map(isThere))).not.toContain(false);
  });

  it('creates them one by one when the refusal does not say what it is about', async () => {
    consumer.proxy.spoil('POST', { status: 400, body: '{"errors":[{"code":"bad_request","title":"No"}]}' });
    const five = events(5, 'who knows');
    put(...five.map(messageOf));
    expect(await consumer.run()).toEqual([]);
    expect(await Promise.all(five.map(isThere))).not.toContain(false);
    expect(followUps()).toEqual([]);
  });

  it('creates alone what the vendor’s bulk does not take', async () => {
    const campaign = { ...delivered('campaign'), campaign: objectId(9) };
    put(...events(3, 'with it').map(messageOf), messageOf(campaign));
    await consumer.run();
    expect(requestsSeen().toSorted()).toEqual([
      'POST /v1/conversations/bulk',
      `POST /v1/customers/${customer}/conversations`,
    ]);
    await followUp();
    expect(await isThere(campaign)).toBe(true);
  });

  it('leaves all of them until the reset when a budget is used up, and asks nothing more of the vendor', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 60);
    consumer.proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    put(...events(100, 'limited').map(messageOf));
    expect(await consumer.run()).toHaveLength(100);
    put(...events(50, 'later').map(messageOf));
    expect(await consumer.run()).toHaveLength(50);
    expect(consumer.proxy.seen).toHaveLength(1);
    for (const pause of consumer.sqs.pauses(consumer.queue).values()) expect(pause).toBeGreaterThan(55_000);
    expect(await letters()).toEqual([]);
  });
});
