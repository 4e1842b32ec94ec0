import pMap from 'p-map';
import type { ConversationStore, OutcomeOfMany } from '../conversations/conversation-store.ts';
import type { DraftMessage } from '../queue/draft-message.ts';
import type { DraftsQueue } from '../queue/drafts-queue.ts';
import { asksOf } from './ask.ts';
import { followUp } from './follow-up.ts';
import { handOver } from './hand-over.ts';

/** Where conversations are made, and what is to be asked about later is put. */
interface Destinations {
  store: ConversationStore;
  queue: Pick<DraftsQueue, 'send'>;
  /** Milliseconds that the store may work on what was handed over. */
  patience: number;
}

/** So many follow-ups at once: what time and budget do not suffice for is then whole ones, not some of each of them, which would have to begin anew. */
const concurrency = 4;

/** Of each message the outcomes of its conversations, in their order; undefined when all of them were handed over. */
export async function outcomesOf(
  messages: readonly (DraftMessage | undefined)[],
  { store, queue, patience }: Destinations,
): Promise<(readonly OutcomeOfMany[] | undefined)[]> {
  const bulk = store.inBulk;
  const asks = messages.map(asksOf);
  if (!bulk) {
    const outcomes = await store.createMany(asks.flat().flatMap(({ conversations }) => conversations));
    let at = 0;
    return asks.map((each) =>
      outcomes.slice(at, (at += each.reduce((sum, { conversations }) => sum + conversations.length, 0))),
    );
  }
  const fresh = asks.flatMap((each, index) => (isHandedOver(messages[index]) ? [] : each));
  // What is not at the destination yet goes first.
  const handed = new Map(await handOver(fresh, { store, bulk, queue }));
  return await pMap(
    messages,
    async (message, index) => {
      if (message && 'handedOver' in message) return await followUp(message.handedOver, bulk, patience);
      const [ask] = asks[index]!;
      return ask ? handed.get(ask) : [];
    },
    { concurrency },
  );
}

function isHandedOver(message: DraftMessage | undefined): boolean {
  return message !== undefined && 'handedOver' in message;
}
