import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { conversationsOf } from '../../../functions/bulk/batch-work.ts';
import { BulkJobsTable } from '../../../functions/bulk/bulk-jobs-table.ts';
import { conversationFrom, type Conversation } from '../../../functions/conversations/conversation.ts';
import type { BatchWork } from '../../../functions/queue/draft-message.ts';
import { aJob } from '../../bulk/a-job.ts';
import { author, objectId } from '../../conversations/asked.ts';
import { openConsumer, type Consumer } from './consumer.ts';
import { drawn, seededFaults } from './seeded-faults.ts';
import { storeAt } from './vendor.ts';

/** RELAY_DRAFTS=5000 is the full size. */
const drafts = Number(process.env['RELAY_DRAFTS'] ?? 500);
const seed = process.env['RELAY_SEED'] ?? '1';
/** So that none of them is asked for more often than the vendor lets a customer be. */
const customers = 50;

jest.setTimeout(60_000 + drafts * 200);

const customerOf = (n: number) => objectId(7000 + (n % customers));

/** Half of the drafts: deliveries of a source, each a message of its own. */
const deliveries = Array.from({ length: Math.floor(drafts / 2) }, (_, n) =>
  conversationFrom({ customer: customerOf(n), name: `Event ${n}` }, author, {
    kind: 'hook',
    source: 'mixed',
    event: String(n),
  }),
);

/** The other half: batches of jobs, of 1 to 100 items; every third item has an externalId, some of them one of an earlier item. */
function batches(): BatchWork[] {
  const made: BatchWork[] = [];
  for (let first = 0; first < drafts / 2;) {
    const size = Math.min(1 + Math.floor(drawn(seed, 'size', first) * 100), Math.ceil(drafts / 2) - first);
    made.push({
      job: objectId(1 + made.length),
      ...author,
      createdAt: aJob().createdAt,
      number: 1,
      first: 0,
      drafts: Array.from({ length: size }, (_, at) => draftOf(first + at)),
    });
    first += size;
  }
  return made;
}

function draftOf(n: number) {
  const isRepeated = n % 9 === 3 && n > 30;
  const of = isRepeated ? n - 30 : n;
  const externalId = n % 3 === 0 ? { externalId: `row-${of}` } : {};
  return { customer: customerOf(of), name: `Row ${of}`, ...externalId };
}

describe('a relay to which everything happens', () => {
  const faults = seededFaults(seed);
  let consumer: Consumer;
  let key: string;
  beforeAll(async () => {
    consumer = await openConsumer({ patience: 3, time: 9000, choose: faults.choose });
    key = await consumer.vendor.newOrganisation();
    await consumer.useKey(key);
  }, 90_000);
  afterAll(() => consumer.close());

  const put = (message: object) => consumer.sqs.put(consumer.queue, JSON.stringify(message));

  /** Lets a message be received again now, unless it came back by itself. */
  async function release(ReceiptHandle: string): Promise<void> {
    const change = { QueueUrl: consumer.queue, ReceiptHandle, VisibilityTimeout: 0 };
    try {
      await consumer.sqs.client.send(new ChangeMessageVisibilityCommand(change));
    } catch (error) {
      if ((error as Error).name !== 'MessageNotInflight') throw error;
    }
  }

  /** Lets the function work until the queue is empty; what waits is brought back at once, as though time had passed. */
  async function drain(): Promise<{ invocations: number; givenUp: number }> {
    let held: SQSRecord[] = [];
    let givenUp = 0;
    for (let invocations = 0; ; invocations++) {
      const most = 1 + Math.floor(drawn(seed, 'most', invocations) * 100);
      // Each leaves a follow-up twice on the queue: with more of them these would grow faster than they are done.
      const isAnswerLost = drawn(seed, 'lost', invocations) < 0.03;
      held.push(...(await consumer.run({ most, isAnswerLost })));
      if (consumer.sqs.ready(consumer.queue) > 0) continue;
      const later = consumer.sqs.delayed(consumer.queue);
      if (held.length === 0 && later.length === 0) return { invocations, givenUp };
      // What is put off comes back sooner than the vendor's reset: not at once.
      await setTimeout(20);
      givenUp += held.filter(({ attributes }) => Number(attributes.ApproximateReceiveCount) >= 5).length;
      for (const { receiptHandle } of held) await release(receiptHandle);
      if (held.length === 0) {
        await consumer.sqs.purge(consumer.queue);
        for (const body of later) consumer.sqs.put(consumer.queue, body);
      }
      held = [];
    }
  }

  async function thereAre(): Promise<Conversation[]> {
    const store = storeAt(consumer.vendor.url, key);
    const found: Conversation[] = [];
    for (let n = 0; n < customers; n++) {
      for (let page = 1; ; page++) {
        const { conversations, next } = await store.list(author.org, customerOf(n), { page, pageSize: 100 });
        found.push(...conversations);
        if (next === undefined) break;
      }
    }
    return found;
  }

  it(`makes each of ${drafts} drafts once, of which a tenth are asked for twice (seed ${seed})`, async () => {
    const jobs = batches();
    for (const batch of jobs) put({ version: 1, batch });
    for (const [n, conversation] of deliveries.entries()) {
      put({ version: 1, conversation });
      if (n % 10 === 0) put({ version: 1, conversation });
    }
    const { invocations, givenUp } = await drain();
    const wanted = new Set([...deliveries, ...jobs.flatMap(conversationsOf)].map(({ id }) => id));
    const there = await thereAre();
    // What was met goes into a failure's message.
    expect({ ids: there.map(({ id }) => id).toSorted(), ...faults.met() }).toEqual({
      ids: [...wanted].toSorted(),
      ...faults.met(),
    });
    const table = new BulkJobsTable(consumer.dynamo.client, consumer.bulkJobs);
    for (const batch of jobs) {
      const outcomes = await table.outcomes(aJob({ id: batch.job }));
      expect(outcomes.get(1)).toMatchObject({
        status: 'complete',
        outcomes: conversationsOf(batch).map(({ id }) => ({ id })),
      });
    }
    expect(await consumer.sqs.receive(consumer.deadLetters)).toEqual([]);
    if (drafts > 500)
      console.log({ invocations, givenUp, requests: consumer.proxy.seen.length, ...faults.met() });
  });
});
