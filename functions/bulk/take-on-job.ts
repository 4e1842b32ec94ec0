import { resolveCustomer } from '../conversations/draft.ts';
import { freshObjectId } from '../conversations/identity.ts';
import type { BatchWork, DraftMessage } from '../queue/draft-message.ts';
import type { BulkItem } from './bulk-item.ts';
import { fingerprintOf, type BulkJob } from './bulk-job.ts';
import type { BulkJobsTable } from './bulk-jobs-table.ts';
import { splitIntoBatches } from './split-into-batches.ts';

/** Who asks for a job, and with what. */
export interface BulkRequest {
  org: string;
  user: string;
  roles: readonly string[];
  requestId: string;
  /** The job's id when the request has an Idempotency-Key: its hash. */
  id?: string | undefined;
  items: readonly BulkItem[];
}

/** Where a batch's work is sent: DraftsQueue. */
export interface WorkQueue {
  sendAll(messages: readonly DraftMessage[]): Promise<void>;
}

/** What came of taking on a job: `replayed` when this very request was answered before, `reused` when its key was for another. */
export type TakenOn = { kind: 'accepted' | 'replayed'; job: BulkJob } | { kind: 'reused' };

/**
 * Writes the job and its batches, then queues the batches, then notes that all is done: when this resolves, nothing can be
 * lost any more. When it throws, the same request with the same id goes on where it stopped, and creates nothing twice.
 */
export async function takeOnJob(
  request: BulkRequest,
  jobs: BulkJobsTable,
  queue: WorkQueue,
  now: Date = new Date(),
): Promise<TakenOn> {
  const { org, user, roles, requestId, items } = request;
  const parts = splitIntoBatches(items);
  const asked: BulkJob = {
    id: request.id ?? freshObjectId(now),
    org,
    user,
    roles,
    requestId,
    createdAt: now.toISOString(),
    items: items.length,
    batches: parts.length,
    largestBatch: Math.max(
      ...parts.map((part) => part.items.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)),
    ),
    hasClientRefs: items[0]?.clientRef !== undefined,
    fingerprint: fingerprintOf(items),
  };
  const existing = await jobs.begin(asked);
  if (existing && existing.job.fingerprint !== asked.fingerprint) return { kind: 'reused' };
  if (existing?.isAccepted) return { kind: 'replayed', job: existing.job };
  // What an earlier try left unfinished is finished as it began: same times, same identities.
  const job = existing?.job ?? asked;
  await jobs.writeBatches(
    job,
    parts.map(({ number, first, items }) => ({
      job: job.id,
      number,
      first,
      items: items.map(({ text }) => text),
    })),
  );
  await queue.sendAll(
    parts.map(({ number, first, items }) => {
      const drafts = items.map(({ draft }) => resolveCustomer(org, draft));
      const batch: BatchWork = { job: job.id, org, user, createdAt: job.createdAt, number, first, drafts };
      return { version: 1, batch };
    }),
  );
  await jobs.accept(job);
  return { kind: existing ? 'replayed' : 'accepted', job };
}
