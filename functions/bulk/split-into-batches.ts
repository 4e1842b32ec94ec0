import { groupWithin } from '../queue/group-within.ts';
import type { BulkItem } from './bulk-item.ts';

/**
 * The vendor takes 100 records a request. A DynamoDB item holds 400 KB and an SQS message 1 MiB: bytes of JSON, with room
 * for what goes along.
 */
const limits = { count: 100, bytes: 300_000 };

/** A part of a request's items, which is written, queued and worked on as one. */
export interface Part {
  /** From 1. */
  number: number;
  /** Place in the request, from 0, of the first item. */
  first: number;
  items: readonly BulkItem[];
}

/** Splits the items of a request into the parts that its batches are made of. */
export function splitIntoBatches(items: readonly BulkItem[]): Part[] {
  let first = 0;
  return groupWithin(items, ({ text }) => Buffer.byteLength(text), limits).map((group, index) => {
    const part = { number: index + 1, first, items: group };
    first += group.length;
    return part;
  });
}
