import pMap from 'p-map';
import type { ConversationStore, OutcomeOfMany } from '../conversations/conversation-store.ts';
import type { HandedOver } from '../queue/draft-message.ts';
import type { DraftsQueue } from '../queue/drafts-queue.ts';
import { sharesOf, type Work } from './ask.ts';
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
  works: readonly Work[],
  { store, queue, patience }: Destinations,
): Promise<(readonly OutcomeOfMany[] | undefined)[]> {
  const bulk = store.inBulk;
  if (!bulk) {
    const asks = works.flatMap((work) => work.asks);
    const outcomes = await store.createMany(asks.flatMap(({ conversations }) => conversations));
    const shares = sharesOf(asks, outcomes);
    let at = 0;
    return works.map((work) => shares.slice(at, (at += work.asks.length)).flat());
  }
  const fresh = works.flatMap((work) => (handedOverIn(work) ? [] : work.asks));
  // What is not at the destination yet goes first.
  const handed = new Map(await handOver(fresh, { store, bulk, queue }));
  const outcomesOfOne = async (work: Work) => {
    const handedOver = handedOverIn(work);
    if (handedOver) return await followUp(handedOver, work.asks, bulk, patience);
    const [ask] = work.asks;
    return ask ? handed.get(ask) : [];
  };
  return await pMap(works, outcomesOfOne, { concurrency });
}

function handedOverIn({ message }: Work): HandedOver | undefined {
  return message && 'handedOver' in message ? message.handedOver : undefined;
}
