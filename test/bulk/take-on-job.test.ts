import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { conversationsOf } from '../../functions/bulk/batch-work.ts';
import { BulkJobsTable } from '../../functions/bulk/bulk-jobs-table.ts';
import { takeOnJob, type BulkRequest, type WorkQueue } from '../../functions/bulk/take-on-job.ts';
import { customerIdOf } from '../../functions/conversations/identity.ts';
import { readMessage, type BatchWork } from '../../functions/queue/draft-message.ts';
import { DraftsQueue } from '../../functions/queue/drafts-queue.ts';
import { author, objectId } from '../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { withFault, type Fault } from '../servers/faulty-client.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';
import { bulkItems } from './bulk-items.ts';
import { bulkJobsTable } from './bulk-jobs-server.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = new Date('2026-01-01T00:01:00.000Z');
const request = (more: Partial<BulkRequest> = {}): BulkRequest => ({
  ...author,
  roles: ['org'],
  requestId: 'request',
  id: objectId(1),
  items: bulkItems(250),
  ...more,
});

describe('taking on a bulk job', () => {
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  let table: string;
  let url: string;
  let jobs: BulkJobsTable;
  let queue: WorkQueue;
  beforeAll(async () => {
    [dynamo, sqs] = await Promise.all([startDynamo(), startSqs()]);
  });
  beforeEach(async () => {
    table = await bulkJobsTable(dynamo);
    jobs = new BulkJobsTable(dynamo.client, table, () => later.getTime());
    url = sqs.queue();
    queue = new DraftsQueue(sqs.client, url);
  });
  afterAll(() => Promise.all([dynamo.close(), sqs.close()]));

  /** The batches on the queue, by their number; those that are there twice, twice. */
  async function queued(): Promise<BatchWork[]> {
    const bodies = (await sqs.receive(url)).map(({ body }) => readMessage(body));
    return bodies
      .flatMap((message) => (message && 'batch' in message ? [message.batch] : []))
      .sort((a, b) => a.number - b.number);
  }
  const identitiesOf = (batches: readonly BatchWork[]) =>
    batches.flatMap(conversationsOf).map(({ id, origin, createdAt }) => [id, origin, createdAt]);

  it('writes the job and its batches and queues all of them', async () => {
    const asked = request();
    const taken = await takeOnJob(asked, jobs, queue, now);
    expect(taken).toMatchObject({
      kind: 'accepted',
      job: {
        ...author,
        id: objectId(1),
        roles: ['org'],
        requestId: 'request',
        createdAt: now.toISOString(),
        items: 250,
        batches: 3,
        hasClientRefs: false,
      },
    });
    const { job } = taken as Extract<typeof taken, { job: object }>;
    expect(await jobs.find(author.org, objectId(1))).toEqual(job);
    const batches = await jobs.batches(job, [1, 2, 3]);
    expect(batches.map(({ number, first, items }) => [number, first, items.length])).toEqual([
      [1, 0, 100],
      [2, 100, 100],
      [3, 200, 50],
    ]);
    expect(batches.flatMap(({ items }) => items)).toEqual(asked.items.map(({ text }) => text));
    const work = await queued();
    expect(work.map(({ number, first }) => [number, first])).toEqual([
      [1, 0],
      [2, 100],
      [3, 200],
    ]);
    expect(work.flatMap(({ drafts }) => drafts)).toEqual(asked.items.map(({ draft }) => draft));
  });

  it('queues customers by their ids, however they were named, and keeps what was sent', async () => {
    const refs = [objectId(7), { id: objectId(7) }, { email: 'A@b.example' }, { phone: '+49 30 111' }];
    const items = bulkItems(4, (index) => ({ customer: refs[index] }));
    const taken = await takeOnJob(request({ items }), jobs, queue, now);
    expect((await queued()).flatMap(({ drafts }) => drafts.map(({ customer }) => customer))).toEqual([
      objectId(7),
      objectId(7),
      customerIdOf(author.org, 'a@b.example', 'email'),
      customerIdOf(author.org, '+4930111', 'phone'),
    ]);
    const { job } = taken as Extract<typeof taken, { job: object }>;
    const [batch] = await jobs.batches(job, [1]);
    expect(batch!.items.map((text) => (JSON.parse(text) as { customer: unknown }).customer)).toEqual(refs);
  });

  it('gives each request without a key a job of its own', async () => {
    const first = await takeOnJob(request({ id: undefined }), jobs, queue, now);
    const second = await takeOnJob(request({ id: undefined }), jobs, queue, now);
    expect([first.kind, second.kind]).toEqual(['accepted', 'accepted']);
    const ids = [first, second].map((taken) => 'job' in taken && taken.job.id);
    expect(new Set(ids).size).toBe(2);
    expect(await queued()).toHaveLength(6);
  });

  it('answers the same request again with the job of the first, and queues nothing', async () => {
    const first = await takeOnJob(request(), jobs, queue, now);
    await queued();
    const again = await takeOnJob(request({ requestId: 'again' }), jobs, queue, later);
    expect(again).toEqual({ ...first, kind: 'replayed' });
    expect(await queued()).toEqual([]);
  });

  it.each([
    ['other items', bulkItems(250, (index) => ({ priority: (index % 5) + 1 }))],
    ['an item less', bulkItems(249)],
    ['the items in another order', bulkItems(250).toReversed()],
    ['the same drafts under other names', bulkItems(250, (index) => ({ _clientRef: `${index}` }))],
  ])('refuses the id of a job for %s, and writes and queues nothing', async (_, items) => {
    const first = await takeOnJob(request(), jobs, queue, now);
    await queued();
    expect(await takeOnJob(request({ items }), jobs, queue, later)).toEqual({ kind: 'reused' });
    expect(await queued()).toEqual([]);
    expect(await takeOnJob(request(), jobs, queue, later)).toEqual({ ...first, kind: 'replayed' });
  });

  /** Takes on the job as a function that dies at its n-th call to AWS: before it is sent, or before its answer. */
  async function dieAt(nth: number, moment: 'before' | 'after', asked: BulkRequest): Promise<void> {
    let calls = 0;
    const fault: Fault = async (_, send) => {
      const dies = ++calls >= nth;
      if (!dies || (calls === nth && moment === 'after')) await send();
      if (dies) throw new Error('The function died');
    };
    const dynamodb = withFault(dynamo.newClient(), fault);
    const sqsClient = dyingSqs(sqs, fault);
    const dying = takeOnJob(asked, new BulkJobsTable(dynamodb, table), new DraftsQueue(sqsClient, url), now);
    await expect(dying).rejects.toThrow('The function died');
    sqsClient.destroy();
  }

  // 26 batches: the job, two writes of batches, three sends, and the note that all is queued.
  const large = request({ items: bulkItems(2600) });
  it.each(
    (['before', 'after'] as const).flatMap((moment) =>
      Array.from({ length: 7 }, (_, index) => [moment, index + 1] as const),
    ),
  )('that died %s call %d is finished by the same request, and makes nothing twice', async (moment, nth) => {
    await dieAt(nth, moment, large);
    const before = await queued();
    const taken = await takeOnJob({ ...large, requestId: 'again' }, jobs, queue, later);
    expect(taken.kind).toMatch(/^(accepted|replayed)$/);
    const { job } = taken as Extract<typeof taken, { job: object }>;
    const numbers = Array.from({ length: 26 }, (_, index) => index + 1);
    const batches = await jobs.batches(job, numbers);
    expect(batches.flatMap(({ items }) => items)).toEqual(large.items.map(({ text }) => text));
    const all = [...before, ...(await queued())];
    expect(new Set(all.map(({ number }) => number))).toEqual(new Set(numbers));
    // What was queued by both asks for the very same conversations, created at the same time.
    const identities = identitiesOf(all);
    expect(new Set(identities.map(([id]) => id)).size).toBe(2600);
    expect(new Set(identities.map((each) => JSON.stringify(each))).size).toBe(2600);
    expect(await takeOnJob(large, jobs, queue, later)).toEqual({ kind: 'replayed', job });
    expect(await queued()).toEqual([]);
  });

  it('does not answer before everything is queued: a queue that is away makes it fail', async () => {
    const nowhere = new DraftsQueue(sqs.client, `${sqs.endpoint}/000000000000/nowhere`);
    await expect(takeOnJob(request(), jobs, nowhere, now)).rejects.toThrow();
    expect(await takeOnJob(request(), jobs, queue, later)).toMatchObject({
      job: { createdAt: now.toISOString() },
    });
    expect(await queued()).toHaveLength(3);
  });

  it('makes one job of thirty equal requests at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 30 }, (_, n) => takeOnJob(request({ requestId: `${n}` }), jobs, queue, now)),
    );
    const jobsTaken = taken.map((each) => 'job' in each && each.job);
    expect(new Set(jobsTaken.map((job) => JSON.stringify(job))).size).toBe(1);
    expect(taken.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(new Set(identitiesOf(await queued()).map(([id]) => id)).size).toBe(250);
  });

  it('tells the largest batch in bytes: an answer of batches must stay within what Lambda gives back', async () => {
    const items = bulkItems(101, () => ({ custom: { aTxt: '字'.repeat(100) } }));
    const largest = items.slice(0, 100).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const taken = await takeOnJob(request({ items }), jobs, queue, now);
    expect(taken).toMatchObject({ job: { batches: 2, largestBatch: largest } });
  });

  it('takes on items whose every character has to be escaped in JSON', async () => {
    // As JSON within JSON these grow to the double: what DynamoDB is given must stay below 400 KB an item.
    const items = bulkItems(100, () => ({ custom: { aTxt: '"'.repeat(700), bTxt: '\\'.repeat(700) } }));
    const taken = await takeOnJob(request({ items }), jobs, queue, now);
    const { job } = taken as Extract<typeof taken, { job: object }>;
    const numbers = Array.from({ length: job.batches }, (_, index) => index + 1);
    const batches = await jobs.batches(job, numbers);
    expect(batches.flatMap((batch) => batch.items)).toEqual(items.map(({ text }) => text));
    expect((await queued()).flatMap(({ drafts }) => drafts)).toEqual(items.map(({ draft }) => draft));
  });
});

/** A client of the same SQS, each of whose commands goes through `fault`. */
function dyingSqs({ endpoint }: SqsServer, fault: Fault): SQSClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      let result: Awaited<ReturnType<typeof next>> | undefined;
      await fault(String(context['commandName']), async () => void (result = await next(args)));
      if (!result) throw new Error('The fault neither sent nor threw');
      return result;
    },
    { step: 'initialize' },
  );
  return client;
}
