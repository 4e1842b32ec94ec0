import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import { againMark, isSameSource } from '../conversations/identity.ts';
import type { DraftMessage } from '../queue/draft-message.ts';
import { sharesOf, type Ask, type Work } from './ask.ts';

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
  /** Of what was handed over: what the destination calls it. */
  bulks?: readonly string[];
}

/** How many conversations became what; `handedOver`: that is to be asked later. */
type Tally = Partial<Record<'created' | 'repeated' | 'conflict' | 'failed' | 'handedOver', number>>;

/** One thing that a message asks for, and what became of that. */
export interface Part extends KnownOfMessage {
  tally: Tally;
}

/** What is known of a message before it is worked on; nothing of one that cannot be read. */
export function knownOf(message: DraftMessage | undefined): KnownOfMessage {
  if (!message) return {};
  if ('handedOver' in message) {
    const { bulks } = message.handedOver;
    return { bulks: bulks.map(({ id }) => id), items: bulks.reduce((sum, { count }) => sum + count, 0) };
  }
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

/** All that a message asks for: mostly one thing. `outcomes` in the order of its conversations; undefined when they were handed over. */
export function partsOf({ asks }: Work, outcomes: readonly OutcomeOfMany[] | undefined): Part[] {
  const shares = outcomes && sharesOf(asks, outcomes);
  return asks.map((ask, index) => {
    const tally = shares ? tallyOf(ask, shares[index]!) : { handedOver: ask.conversations.length };
    return { ...knownOf(ask.message), tally };
  });
}

/** What another delivery of the same source has made is a repetition. */
function tallyOf({ conversations }: Ask, outcomes: readonly OutcomeOfMany[]): Tally {
  const tally: Tally = {};
  for (const [index, outcome] of outcomes.entries()) {
    const isMade = outcome.kind === 'conflict' && isSameSource(conversations[index]!.origin, outcome.origin);
    const kind = isMade ? 'repeated' : outcome.kind;
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
  return tally;
}
