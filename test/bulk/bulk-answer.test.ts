import { describe, expect, it } from '@jest/globals';
import { batchResource, jobAsItStands, queuedJob } from '../../functions/bulk/bulk-answer.ts';
import type { BatchOutcome } from '../../functions/bulk/bulk-job.ts';
import { author, customer, objectId } from '../conversations/asked.ts';
import { aBatch, aJob, askedAt, clashed, made, minute, settled } from './a-job.ts';

const job = aJob();
const sent = [
  { customer, name: 'One' },
  { customer, createdAt: '2016-11-09T03:46:29+01:00' },
];
const echo = sent.map((item) => JSON.stringify(item));
const org = { links: { self: `/v1/orgs/${author.org}` }, data: { type: 'org', id: author.org } };
const createdBy = { links: { self: `/v1/users/${author.user}` }, data: { type: 'user', id: author.user } };
const payload = {
  api: {
    data: sent,
    path: '/v1/conversations',
    user: {
      id: author.user,
      userType: 'machine',
      roles: job.roles,
      orgName: author.org,
      subject: author.user,
      org: author.org,
    },
    requestId: 'request-1',
    service: 'sobjects',
    method: 'POST',
  },
};

describe('a job in answers', () => {
  it('is queued at first, with what was sent in it just as it was sent', () => {
    expect(queuedJob(job, echo)).toEqual({
      type: 'bulk',
      id: objectId(1),
      attributes: {
        ids: [],
        context: 'api.sobjects.conversations.bulk-create',
        status: 'queued',
        v2: true,
        payload,
        createdAt: askedAt,
        updatedAt: askedAt,
        completed: false,
      },
      relationships: { org, createdBy },
      links: { self: `/v1/bulk/${objectId(1)}` },
    });
  });

  const standing = (outcomes: ReadonlyMap<number, BatchOutcome>, of = job) =>
    jobAsItStands(of, outcomes, echo).attributes as Record<string, unknown>;

  it('tells on asking how far it is: nothing yet', () => {
    expect(standing(new Map())).toEqual({
      ids: [],
      context: 'api.sobjects.conversations.bulk-create',
      status: 'queued',
      v2: true,
      payload,
      createdAt: askedAt,
      updatedAt: askedAt,
      completed: false,
      isLarge: true,
      errors: {},
      batchErrors: false,
      lastBatchError: null,
      batches: { complete: 0, total: 3, idsTotal: 0 },
    });
  });

  it('is running when a batch is done, and was updated when the latest was', () => {
    const outcomes = settled({ number: 3 }, { number: 1, outcomes: [made(1), made(2)] });
    expect(standing(outcomes)).toMatchObject({
      status: 'running',
      completed: false,
      updatedAt: minute(3),
      batches: { complete: 2, total: 3, idsTotal: 3 },
    });
    expect(standing(outcomes)).not.toHaveProperty('completedAt');
  });

  it('is complete when every batch is', () => {
    expect(standing(settled({ number: 1 }, { number: 2 }, { number: 3 }))).toMatchObject({
      status: 'complete',
      completed: true,
      completedAt: minute(3),
      updatedAt: minute(3),
      batchErrors: false,
      lastBatchError: null,
      batches: { complete: 3, total: 3, idsTotal: 3 },
    });
  });

  it('tells that items failed, and what the last batch with a failure said', () => {
    const outcomes = settled(
      { number: 1, outcomes: [clashed(1)] },
      { number: 2, outcomes: [made(2), clashed(3), clashed(4)] },
      { number: 3 },
    );
    expect(standing(outcomes)).toMatchObject({
      completed: true,
      batchErrors: true,
      lastBatchError: 'A duplicate was detected: 3',
      batches: { complete: 3, total: 3, idsTotal: 2 },
    });
  });

  it('is not complete while a batch lies in the dead letters, and says that one does', () => {
    const outcomes = settled(
      { number: 1 },
      { number: 2, status: 'dead-letter', outcomes: [] },
      { number: 3 },
    );
    expect(standing(outcomes)).toMatchObject({
      status: 'running',
      completed: false,
      batchErrors: true,
      lastBatchError: expect.stringContaining('dead letters'),
      batches: { complete: 2, total: 3, idsTotal: 2 },
    });
  });

  it('is large when not all that was sent is given back', () => {
    expect(standing(new Map(), aJob({ items: 3 }))).toMatchObject({ isLarge: true });
    expect(standing(new Map(), aJob({ items: 2 }))).toMatchObject({ isLarge: false });
  });
});

describe('a batch in answers', () => {
  const withRefs = aJob({ hasClientRefs: true });
  const batch = aBatch(3, [
    { customer, _clientRef: 'c' },
    { customer, _clientRef: 'a' },
    { customer, _clientRef: 'b' },
  ]);
  const outcome = settled({ number: 3, outcomes: [made(7), clashed(8), made(9)] }).get(3)!;
  const attributesOf = (given: BatchOutcome | undefined, of = withRefs) =>
    batchResource(of, batch, given).attributes as Record<string, unknown>;

  it('is queued until something became of it', () => {
    expect(batchResource(job, aBatch(3, sent), undefined)).toEqual({
      type: 'bulk_batch',
      id: `${'0'.repeat(20)}0003`,
      attributes: {
        status: 'queued',
        completed: false,
        completedAt: null,
        successCount: 0,
        failureCount: 0,
        objectIds: [],
        errors: [],
        v2: true,
        payload,
        createdAt: askedAt,
        updatedAt: askedAt,
      },
      relationships: {
        org,
        bulk: { links: { self: `/v1/bulk/${objectId(1)}` }, data: { type: 'bulk', id: objectId(1) } },
        createdBy,
      },
    });
  });

  it('tells when done what became of each item, in the order of the items', () => {
    const duplicate = 'A duplicate was detected: 8';
    expect(attributesOf(outcome)).toMatchObject({
      status: 'complete',
      completed: true,
      completedAt: minute(3),
      updatedAt: minute(3),
      successCount: 2,
      failureCount: 1,
      objectIds: [objectId(7), objectId(9)],
      errors: [{ id: objectId(8), data: { code: 'conflict', title: duplicate, index: 201 } }],
      results: [
        { _clientRef: 'c', objectId: objectId(7), status: 'created', error: null },
        { _clientRef: 'a', objectId: null, status: 'error', error: duplicate },
        { _clientRef: 'b', objectId: objectId(9), status: 'created', error: null },
      ],
    });
  });

  it('has results only with _clientRef, and only when it is done', () => {
    expect(attributesOf(outcome, job)).not.toHaveProperty('results');
    expect(attributesOf(undefined)).not.toHaveProperty('results');
    expect(attributesOf({ ...outcome, status: 'dead-letter', outcomes: [] })).not.toHaveProperty('results');
  });

  it('is scheduled and says why while it lies in the dead letters', () => {
    expect(attributesOf({ ...outcome, status: 'dead-letter', outcomes: [] })).toMatchObject({
      status: 'scheduled',
      completed: false,
      completedAt: null,
      updatedAt: minute(3),
      successCount: 0,
      failureCount: 0,
      objectIds: [],
      errors: [{ data: { code: 'dead_letter', title: expect.stringContaining('redriven') } }],
    });
  });

  it('has an id of its own in its job', () => {
    const idOf = (number: number) => batchResource(job, aBatch(number, sent), undefined).id;
    expect(idOf(1)).toMatch(/^[0-9a-f]{24}$/);
    expect(new Set([1, 2, 15, 16, 100].map(idOf)).size).toBe(5);
  });
});
