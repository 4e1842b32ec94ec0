import type { Batch, BatchOutcome, BulkJob, ItemOutcome } from '../../functions/bulk/bulk-job.ts';
import { author, objectId } from '../conversations/asked.ts';

/** When the job was asked for. */
export const askedAt = '2026-01-01T00:00:00.000Z';

/** A job of 250 items in three batches. */
export function aJob(more: Partial<BulkJob> = {}): BulkJob {
  return {
    ...author,
    id: objectId(1),
    roles: ['org.user', 'org.hooks'],
    requestId: 'request-1',
    createdAt: askedAt,
    items: 250,
    batches: 3,
    largestBatch: 5000,
    hasClientRefs: false,
    fingerprint: 'f'.repeat(64),
    ...more,
  };
}

/** Batch `number` of such a job, with so few items that a test can name them all. */
export function aBatch(number: number, items: readonly object[]): Batch {
  return {
    job: objectId(1),
    number,
    first: (number - 1) * 100,
    items: items.map((item) => JSON.stringify(item)),
  };
}

/** What became of batches: complete with one conversation each, at minute `number`, unless said otherwise. */
export function settled(...given: (Partial<BatchOutcome> & { number: number })[]): Map<number, BatchOutcome> {
  return new Map(
    given.map((outcome) => [
      outcome.number,
      { status: 'complete', at: minute(outcome.number), outcomes: [made(outcome.number)], ...outcome },
    ]),
  );
}

/** The time so many minutes after the job was asked for. */
export function minute(number: number): string {
  return new Date(Date.parse(askedAt) + number * 60_000).toISOString();
}

/** An item that became conversation `number`. */
export function made(number: number): ItemOutcome {
  return { id: objectId(number) };
}

/** An item that did not. */
export function clashed(number: number): ItemOutcome {
  return { id: objectId(number), error: { code: 'conflict', title: `A duplicate was detected: ${number}` } };
}
