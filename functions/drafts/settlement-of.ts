import { batchOutcome } from '../bulk/batch-work.ts';
import type { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import { isSameSource } from '../conversations/identity.ts';
import { Postponed } from '../conversations/postponed.ts';
import { Problem } from '../lambda/problem.ts';
import { writeMessage } from '../queue/draft-message.ts';
import type { Settlement } from '../queue/settle.ts';
import type { Ask } from './ask.ts';

type Jobs = Pick<BulkJobsTable, 'settle'>;

/** How an ask ends, given the outcomes of its conversations; that of a bulk job's batch is written to the job. */
export async function settlementOfAsk(
  { message, conversations }: Ask,
  outcomes: readonly OutcomeOfMany[],
  jobs: Jobs,
): Promise<Settlement> {
  const passing = outcomes.flatMap((outcome) =>
    outcome.kind === 'failed' && !isPermanent(outcome.error) ? [outcome.error] : [],
  );
  const postponed = passing.filter((error) => error instanceof Postponed);
  if (passing.length > postponed.length) {
    return { kind: 'retryable', error: passing.find((error) => !(error instanceof Postponed)) };
  }
  if (postponed[0]) {
    const until = Math.max(...postponed.map((error) => error.until));
    return { kind: 'postponed', until, error: postponed[0] };
  }
  if (!('batch' in message)) return draftSettlement(message.conversation.origin, outcomes[0]!);
  // Items that can never succeed fail on their own: the batch is done, and its outcome tells.
  const { org, job, createdAt } = message.batch;
  try {
    await jobs.settle(org, job, createdAt, batchOutcome(message.batch, conversations, outcomes));
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'retryable', error };
  }
}

/** How a message ends that holds asks which were handed over together, given how each of them ends: all of it comes back for one that is to. */
export function settlementTogether(asks: readonly Ask[], settlements: readonly Settlement[]): Settlement {
  const retryable = settlements.find(({ kind }) => kind === 'retryable');
  if (retryable) return retryable;
  const postponed = settlements.filter((each) => each.kind === 'postponed');
  if (postponed[0]) {
    // Waiting for what the destination works on is no try of ours.
    return { ...postponed[0], until: Math.max(...postponed.map(({ until }) => until)), anew: true };
  }
  const letters = settlements.flatMap((settlement, index) =>
    settlement.kind === 'permanent'
      ? [{ body: writeMessage(asks[index]!.message), reason: settlement.reason }]
      : [],
  );
  return { kind: 'done', letters };
}

function draftSettlement(origin: string, outcome: OutcomeOfMany): Settlement {
  switch (outcome.kind) {
    case 'created':
    case 'repeated':
      return { kind: 'done' };
    case 'conflict':
      return isSameSource(origin, outcome.origin)
        ? { kind: 'done' }
        : { kind: 'permanent', reason: `the ${outcome.field} is held by conversation ${outcome.id}` };
    case 'failed':
      return { kind: 'permanent', reason: String(outcome.error) };
  }
}

/** DynamoDB refuses the item itself, e.g. for its size, or Kustomer does: the same item will never do. All else may pass. */
function isPermanent(error: unknown): boolean {
  return error instanceof Problem || (error instanceof Error && error.name === 'ValidationException');
}
