import { createHash } from 'node:crypto';
import type { BulkItem } from './bulk-item.ts';

/** A bulk request that was taken on. Dates are UTC with milliseconds. */
export interface BulkJob {
  id: string;
  org: string;
  /** The API key's user and roles, as the answer shows them. */
  user: string;
  roles: readonly string[];
  requestId: string;
  createdAt: string;
  items: number;
  batches: number;
  /** Bytes of JSON in the largest batch: an answer has room for so many. */
  largestBatch: number;
  hasClientRefs: boolean;
  /** SHA-256 of what was asked, 64 hex digits. */
  fingerprint: string;
}

/** Some items of a job, at most 100: the unit of work on the queue. Never changes. */
export interface Batch {
  job: string;
  /** From 1. */
  number: number;
  /** Place in the job, from 0, of the batch's first item. */
  first: number;
  /** The items as they were sent, each as JSON. */
  items: readonly string[];
}

/** What became of one item. */
export type ItemOutcome = { id: string } | { id: string; error: { code: string; title: string } };

/** What became of a batch: nothing of this exists while it is queued. */
export interface BatchOutcome {
  number: number;
  /** `dead-letter`: given up after the last receive, until it is redriven. */
  status: 'complete' | 'dead-letter';
  at: string;
  /** In the order of the items; empty for a dead letter. */
  outcomes: readonly ItemOutcome[];
}

/** SHA-256 of what a bulk request asks for. */
export function fingerprintOf(items: readonly BulkItem[]): string {
  const hash = createHash('sha256');
  for (const { text } of items) hash.update(text).update('\n');
  return hash.digest('hex');
}
