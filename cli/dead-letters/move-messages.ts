import type { Message } from '@aws-sdk/client-sqs';
import { HeldMessages } from './held-messages.ts';
import type { Queues } from './open-queues.ts';

/** Milliseconds for which letters are waited for that were there a moment ago: somebody else may be looking at them. */
const patience = 3000;

/** What became of the letters that were to be moved. */
export interface Moved {
  /** Ids of those that are in their new place. */
  moved: Set<string>;
  /** Of these, the ids of those that could not be deleted: they are among the dead letters as well. */
  twice: Set<string>;
}

/** The result before anything was done. */
export function nothingMoved(): Moved {
  return { moved: new Set(), twice: new Set() };
}

/**
 * Takes those dead letters that are `wanted`, by id, to a new place: `take` yields messages that are there safely by now, and only
 * then are they deleted. What is not wanted, or not taken, is let go. `result` tells at any time how far it is, also when this throws.
 */
export async function moveMessages(
  { client, deadLetters }: Queues,
  wanted: ReadonlySet<string>,
  take: (messages: Message[]) => AsyncIterable<Message[]>,
  { result, signal, onMoved }: { result: Moved; signal: AbortSignal; onMoved: () => void },
): Promise<void> {
  const held = new HeldMessages(client, deadLetters);
  const isDone = () => signal.aborted || result.moved.size >= wanted.size;
  let foundAt = performance.now();
  try {
    while (!isDone() && !held.isFull && performance.now() - foundAt < patience) {
      for await (const messages of held.receive(signal, { slowly: true })) {
        const mine = messages.filter(({ MessageId = '' }) => wanted.has(MessageId));
        if (mine.length === 0) continue;
        for await (const taken of take(mine)) {
          for (const { MessageId = '' } of taken) result.moved.add(MessageId);
          for (const { MessageId = '' } of await held.delete(taken)) result.twice.add(MessageId);
          onMoved();
        }
        foundAt = performance.now();
        if (isDone()) break;
      }
    }
  } finally {
    await held.release();
  }
}
