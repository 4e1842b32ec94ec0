import { readWholeNumber } from '../conversations/page.ts';
import { badRequest, type Fault } from '../lambda/problem.ts';
import type { BatchOutcome, BulkJob } from './bulk-job.ts';

/** Lambda answers with 6 MB at most; batches are given back with what was sent in them. */
const maxAnswerBytes = 4_000_000;
const maxLimit = 100;

/** Which batches of a job are asked for. */
export interface BatchQuery {
  page: number;
  limit: number;
  newestFirst: boolean;
  status?: string;
  completed?: boolean;
}

/**
 * Reads page, pageSize or limit, sort, status and completed of GET /v1/bulk/{id}/batches (contract, section 5.3). A larger page
 * than 100, or than fits an answer, is served as what does. Throws Problem 400 with every fault at once.
 */
export function parseBatchQuery(query: Record<string, string | undefined>, job: BulkJob): BatchQuery {
  const faults: Fault[] = [];
  const wholeNumber = (parameter: string, otherwise: number) =>
    readWholeNumber(query, parameter, otherwise, faults);
  const oneOf = (parameter: string, values: readonly string[]): string | undefined => {
    const text = query[parameter];
    if (text === undefined || values.includes(text)) return text;
    faults.push({ title: `${parameter} must be one of: ${values.join(', ')}`, parameter });
    return undefined;
  };
  const fits = Math.max(1, Math.floor(maxAnswerBytes / job.largestBatch));
  const limit = Math.min(wholeNumber('pageSize', wholeNumber('limit', maxLimit)), maxLimit, fits);
  const page = wholeNumber('page', 1);
  const newestFirst = oneOf('sort', ['createdAt', '-createdAt']) === '-createdAt';
  const status = oneOf('status', ['queued', 'scheduled', 'complete']);
  const completed = oneOf('completed', ['true', 'false']);
  if (faults.length > 0) throw badRequest(faults);
  return {
    page,
    limit,
    newestFirst,
    ...(status !== undefined && { status }),
    ...(completed !== undefined && { completed: completed === 'true' }),
  };
}

/** The numbers of the batches on the page, and the page's `meta`. */
export function batchPage(job: BulkJob, outcomes: ReadonlyMap<number, BatchOutcome>, query: BatchQuery) {
  const { page, limit, newestFirst, status, completed } = query;
  const all = Array.from({ length: job.batches }, (_, index) => index + 1).filter((number) => {
    const batchStatus = batchStatusOf(outcomes.get(number));
    return (
      (status === undefined || batchStatus === status) &&
      (completed === undefined || (batchStatus === 'complete') === completed)
    );
  });
  if (newestFirst) all.reverse();
  const numbers = all.slice((page - 1) * limit, page * limit);
  return { numbers, meta: { page, pages: Math.ceil(all.length / limit), count: all.length, limit } };
}

/** A batch without an outcome is queued; one in the dead letters is scheduled, for when it is redriven. */
export function batchStatusOf(outcome: BatchOutcome | undefined): 'queued' | 'scheduled' | 'complete' {
  if (!outcome) return 'queued';
  return outcome.status === 'complete' ? 'complete' : 'scheduled';
}
