import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Batch, BatchOutcome, BulkJob } from '../../functions/bulk/bulk-job.ts';
import { BulkJobsTable } from '../../functions/bulk/bulk-jobs-table.ts';
import { author, objectId, stranger } from '../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { bulkJobsTable } from './bulk-jobs-server.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
const began = Date.parse(createdAt);
const thirtyDays = 30 * 24 * 60 * 60 * 1000;

const job: BulkJob = {
  ...author,
  id: objectId(1),
  roles: ['org'],
  requestId: 'request',
  createdAt,
  items: 250,
  batches: 3,
  largestBatch: 5000,
  hasClientRefs: false,
  fingerprint: 'f'.repeat(64),
};
const batchOf = (number: number, items = [`{"n":${number}}`]): Batch => ({
  job: job.id,
  number,
  first: (number - 1) * 100,
  items,
});
const outcomeOf = (number: number, more: Partial<BatchOutcome> = {}): BatchOutcome => ({
  number,
  status: 'complete',
  at: createdAt,
  outcomes: [{ id: objectId(100 + number) }],
  ...more,
});

describe('the table of bulk jobs', () => {
  let dynamo: DynamoServer;
  let table: string;
  let jobs: BulkJobsTable;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  beforeEach(async () => {
    table = await bulkJobsTable(dynamo);
    jobs = jobsAt(began);
  });
  afterAll(() => dynamo.close());
  const jobsAt = (time: number) => new BulkJobsTable(dynamo.client, table, () => time);

  it('gives a job back whole to its organisation, and to no other', async () => {
    expect(await jobs.begin(job)).toBeUndefined();
    expect(await jobs.find(job.org, job.id)).toEqual(job);
    expect(await jobs.find(stranger.org, job.id)).toBeUndefined();
    expect(await jobs.find(job.org, objectId(2))).toBeUndefined();
  });

  it('keeps the first job of an id, and tells whether all of it was queued', async () => {
    await jobs.begin(job);
    const another = { ...job, requestId: 'another' };
    expect(await jobs.begin(another)).toEqual({ job, isAccepted: false });
    await jobs.accept(job);
    expect(await jobs.begin(another)).toEqual({ job, isAccepted: true });
    expect(await jobs.find(job.org, job.id)).toEqual(job);
  });

  it('lets two organisations have jobs of one id', async () => {
    const theirs = { ...job, ...stranger };
    await jobs.begin(job);
    expect(await jobs.begin(theirs)).toBeUndefined();
    expect(await jobs.find(stranger.org, job.id)).toEqual(theirs);
  });

  it('finds a job for 30 days, and not a moment longer', async () => {
    await jobs.begin(job);
    expect(await jobsAt(began + thirtyDays - 1).find(job.org, job.id)).toEqual(job);
    expect(await jobsAt(began + thirtyDays).find(job.org, job.id)).toBeUndefined();
  });

  it('gives batches back as they were written, in the order asked for', async () => {
    const odd = ['{"name":"\\u0000 \\"quoted\\" \\\\ 字 🦀"}', '{}'];
    await jobs.writeBatches(job, [batchOf(1), batchOf(2, odd), batchOf(3)]);
    expect(await jobs.batches(job, [3, 2])).toEqual([batchOf(3), batchOf(2, odd)]);
    expect(await jobs.batches({ ...job, ...stranger }, [1])).toEqual([]);
    expect(await jobs.batches({ ...job, id: objectId(2) }, [1])).toEqual([]);
  });

  it('writes and reads a hundred batches', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => batchOf(index + 1));
    await jobs.writeBatches(job, hundred);
    expect(
      await jobs.batches(
        job,
        hundred.map(({ number }) => number),
      ),
    ).toEqual(hundred);
  });

  it("reads as many of the largest batches as one answer of ours holds, more than one of DynamoDB's", async () => {
    const large = Array.from({ length: 13 }, (_, index) =>
      batchOf(index + 1, [JSON.stringify('x'.repeat(290_000))]),
    );
    await jobs.writeBatches(job, large);
    const read = await jobs.batches(
      job,
      large.map(({ number }) => number),
    );
    expect(read.map(({ number }) => number)).toEqual(large.map(({ number }) => number));
  });

  it('keeps the last outcome noted of each batch', async () => {
    await jobs.settle(job.org, job.id, createdAt, outcomeOf(2, { status: 'dead-letter', outcomes: [] }));
    await jobs.settle(job.org, job.id, createdAt, outcomeOf(1));
    await jobs.settle(job.org, job.id, createdAt, outcomeOf(2));
    expect(await jobs.outcomes(job)).toEqual(
      new Map([
        [1, outcomeOf(1)],
        [2, outcomeOf(2)],
      ]),
    );
    expect(await jobs.outcomes({ ...job, ...stranger })).toEqual(new Map());
    expect(await jobs.outcomes({ ...job, id: objectId(2) })).toEqual(new Map());
  });

  it('tells the outcomes of a job of the largest size, in the order of its batches', async () => {
    const outcomes = Array.from({ length: 100 }, (_, item) => ({
      id: objectId(item),
      error: { code: 'conflict', title: 'x'.repeat(150) },
    }));
    for (let number = 100; number > 0; number--) {
      await jobs.settle(job.org, job.id, createdAt, outcomeOf(number, { outcomes }));
    }
    const found = await jobs.outcomes(job);
    expect([...found.keys()]).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(found.get(57)).toEqual(outcomeOf(57, { outcomes }));
  });
});
