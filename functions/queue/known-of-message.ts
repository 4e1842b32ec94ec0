import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import type { Conversation } from '../conversations/conversation.ts';
import { againMark, isSameSource } from '../conversations/identity.ts';
import type { DraftMessage } from './draft-message.ts';

/** What the log tells of a message of the drafts queue, besides its own id. */
export interface KnownOfMessage {
  organisation?: string;
  conversation?: string;
  /** Of a conversation that a delivery asked for: the source, and the sender's own id of the event. */
  source?: string;
  delivery?: string;
  /** Of a batch: its job, when that was asked for, its number in it from 1, and how many conversations it asks for. */
  job?: string;
  askedAt?: string;
  batch?: number;
  items?: number;
}

/** What is known of a message; nothing of one that cannot be read. */
export function knownOf(message: DraftMessage | undefined): KnownOfMessage {
  if (!message) return {};
  if ('batch' in message) {
    const { org: organisation, job, createdAt: askedAt, number: batch, drafts } = message.batch;
    return { organisation, job, askedAt, batch, items: drafts.length };
  }
  const { org: organisation, id: conversation, origin } = message.conversation;
  const [, source, event] = /^hook#([^#]*)#(.*)$/s.exec(origin) ?? [];
  if (source === undefined || event === undefined) return { organisation, conversation };
  const [delivery = event] = event.split(againMark);
  return { organisation, source, delivery, conversation };
}

/** How many of a message's conversations became what. */
export type Tally = Partial<Record<'created' | 'repeated' | 'conflict' | 'failed', number>>;

/** Counts what became of conversations, `outcomes` in their order. What another delivery of the same source has made is a repetition. */
export function tallyOf(
  conversations: readonly Pick<Conversation, 'origin'>[],
  outcomes: readonly OutcomeOfMany[],
): Tally {
  const tally: Tally = {};
  for (const [index, outcome] of outcomes.entries()) {
    const isMade = outcome.kind === 'conflict' && isSameSource(conversations[index]!.origin, outcome.origin);
    const kind = isMade ? 'repeated' : outcome.kind;
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
  return tally;
}
