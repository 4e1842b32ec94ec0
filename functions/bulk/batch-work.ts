import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import { conversationFrom, type Conversation } from '../conversations/conversation.ts';
import { Problem } from '../lambda/problem.ts';
import type { BatchWork } from '../queue/draft-message.ts';
import type { BatchOutcome, ItemOutcome } from './bulk-job.ts';

/** The conversations that a batch asks for: the same each time it is delivered. */
export function conversationsOf({ job, org, user, createdAt, first, drafts }: BatchWork): Conversation[] {
  return drafts.map((draft, index) =>
    conversationFrom(draft, { org, user }, { kind: 'bulk', job, index: first + index }, new Date(createdAt)),
  );
}

/** What became of a batch, given what became of its conversations in their order; none of these may be worth repeating. */
export function batchOutcome(
  { number }: BatchWork,
  conversations: readonly Conversation[],
  outcomes: readonly OutcomeOfMany[],
  now: Date = new Date(),
): BatchOutcome {
  return {
    number,
    status: 'complete',
    at: now.toISOString(),
    outcomes: conversations.map(({ id }, index) => itemOutcome(id, outcomes[index]!)),
  };
}

/** Noted before the last try of a batch: if that fails too, or dies, SQS moves the batch to the dead letters. */
export function lastTry({ number }: BatchWork, now: Date = new Date()): BatchOutcome {
  return { number, status: 'dead-letter', at: now.toISOString(), outcomes: [] };
}

function itemOutcome(id: string, outcome: OutcomeOfMany): ItemOutcome {
  switch (outcome.kind) {
    case 'created':
    case 'repeated':
      return { id };
    case 'conflict':
      return {
        id,
        error: {
          code: 'conflict',
          title: `A duplicate was detected: conversation ${outcome.id} has this ${outcome.field}`,
        },
      };
    case 'failed':
      return { id, error: refusalIn(outcome.error) };
  }
}

/** The vendor's own words where it refused, which are for callers; no other error is. */
function refusalIn(error: unknown): { code: string; title: string } {
  if (error instanceof Problem) return { code: error.code, title: error.message };
  return { code: 'refused', title: 'The conversation was refused by the store' };
}
