import { describe, expect, it } from '@jest/globals';
import { batchPage, parseBatchQuery } from '../../functions/bulk/batch-page.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { aJob, settled } from './a-job.ts';

const job = aJob({ batches: 5 });
const outcomes = settled({ number: 2 }, { number: 3 }, { number: 5, status: 'dead-letter', outcomes: [] });
const pageOf = (query: Record<string, string>, of = job) =>
  batchPage(of, outcomes, parseBatchQuery(query, of));
const numbersOf = (query: Record<string, string>) => pageOf(query).numbers;

describe('which batches of a job are shown', () => {
  it('shows all of them in their order, 100 to a page', () => {
    expect(pageOf({})).toEqual({
      numbers: [1, 2, 3, 4, 5],
      meta: { page: 1, pages: 1, count: 5, limit: 100 },
    });
  });

  it('shows a page of them, the last with the rest, and none after that', () => {
    expect(pageOf({ page: '1', limit: '2' })).toEqual({
      numbers: [1, 2],
      meta: { page: 1, pages: 3, count: 5, limit: 2 },
    });
    expect(numbersOf({ page: '3', limit: '2' })).toEqual([5]);
    expect(numbersOf({ page: '4', limit: '2' })).toEqual([]);
    expect(numbersOf({ page: String(Number.MAX_SAFE_INTEGER) })).toEqual([]);
  });

  it('takes pageSize for limit', () => {
    expect(pageOf({ pageSize: '2' })).toEqual(pageOf({ limit: '2' }));
    expect(numbersOf({ pageSize: '1', limit: '3' })).toEqual([1]);
  });

  it('puts the newest first for sort=-createdAt alone', () => {
    expect(numbersOf({ sort: '-createdAt' })).toEqual([5, 4, 3, 2, 1]);
    expect(numbersOf({ sort: '-createdAt', limit: '2', page: '2' })).toEqual([3, 2]);
    expect(numbersOf({ sort: 'createdAt' })).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ['queued', [1, 4]],
    ['scheduled', [5]],
    ['complete', [2, 3]],
  ])('shows those that are %s', (status, numbers) => {
    expect(pageOf({ status })).toMatchObject({ numbers, meta: { count: numbers.length } });
  });

  it('shows those that are completed, or those that are not', () => {
    expect(numbersOf({ completed: 'true' })).toEqual([2, 3]);
    expect(numbersOf({ completed: 'false' })).toEqual([1, 4, 5]);
    expect(numbersOf({ completed: 'false', status: 'complete' })).toEqual([]);
    expect(pageOf({ completed: 'true', limit: '1', page: '2' })).toEqual({
      numbers: [3],
      meta: { page: 2, pages: 2, count: 2, limit: 1 },
    });
  });

  it('serves a larger page than 100 as 100, and says so', () => {
    expect(pageOf({ limit: '101' }).meta.limit).toBe(100);
    expect(pageOf({ limit: '100' }).meta.limit).toBe(100);
  });

  it('serves no more batches at once than an answer has room for, and at least one', () => {
    expect(pageOf({}, aJob({ batches: 5, largestBatch: 2_000_000 }))).toMatchObject({
      numbers: [1, 2],
      meta: { pages: 3, limit: 2 },
    });
    expect(pageOf({ limit: '1' }, aJob({ largestBatch: 2_000_000 })).meta.limit).toBe(1);
    expect(pageOf({}, aJob({ largestBatch: 5_000_000 })).meta.limit).toBe(1);
  });

  it('ignores parameters that it does not know', () => {
    expect(pageOf({ other: 'x', fromDate: 'never' })).toEqual(pageOf({}));
  });

  it.each(['0', '-1', '1.5', 'abc', '', '1e2', ' 1', '9007199254740993'])(
    'refuses %j as a number',
    async (text) => {
      for (const parameter of ['page', 'limit', 'pageSize']) {
        const problem = await problemOf(400, () => parseBatchQuery({ [parameter]: text }, job));
        expect(placesOf(problem)).toEqual([parameter]);
      }
    },
  );

  it('tells everything that is wrong at once', async () => {
    const query = { page: '0', limit: 'x', sort: 'name', status: 'running', completed: 'yes' };
    const problem = await problemOf(400, () => parseBatchQuery(query, job));
    expect(placesOf(problem)).toEqual(['limit', 'page', 'sort', 'status', 'completed']);
    expect(problem.message).toContain('status must be one of: queued, scheduled, complete');
  });
});
