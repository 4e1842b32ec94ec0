import type { BulkDestination, Outcome, OutcomeOfMany } from '../conversations/conversation-store.ts';
import { Postponed } from '../conversations/postponed.ts';
import type { HandedOver } from '../queue/draft-message.ts';
import type { Ask } from './ask.ts';

/** Milliseconds between two looks at what was handed over: as long as it has been there, within these bounds. */
const pause = { least: 5000, most: 60_000 };

/**
 * The outcomes of all conversations of the asks that were handed over together, in their order. `patience`, in ms: what the destination works on for longer is
 * created one by one, as is what it reports to have failed: that tells why, and whether it was there before.
 */
export async function followUp(
  handedOver: HandedOver,
  asks: readonly Ask[],
  bulk: BulkDestination,
  patience: number,
  now: number = Date.now(),
): Promise<OutcomeOfMany[]> {
  const conversations = asks.flatMap((ask) => ask.conversations);
  const age = now - Date.parse(handedOver.at);
  const isUrgent = age > patience;
  try {
    let first = 0;
    const told = await Promise.all(
      handedOver.bulks.map(async ({ id, count }) => {
        const part = conversations.slice(first, (first += count));
        return (await bulk.told(id, part, isUrgent)) ?? (isUrgent ? part.map(() => undefined) : 'working');
      }),
    );
    if (told.includes('working')) {
      const wait = Math.min(pause.most, Math.max(pause.least, age));
      throw new Postponed('The destination is still working on it', now + wait);
    }
    return await settled(conversations, told.flat() as (Outcome | undefined)[], bulk);
  } catch (error) {
    return conversations.map(() => ({ kind: 'failed', error }));
  }
}

async function settled(
  conversations: Parameters<BulkDestination['settle']>[0],
  told: readonly (Outcome | undefined)[],
  bulk: BulkDestination,
): Promise<OutcomeOfMany[]> {
  const unknown = conversations.filter((_, at) => told[at] === undefined);
  const outcomes = await bulk.settle(unknown);
  let next = 0;
  return conversations.map((_, at) => told[at] ?? outcomes[next++]!);
}
