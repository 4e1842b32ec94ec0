import { showProgress } from '../show-progress.ts';
import { deadLetter, type DeadLetter } from './dead-letter.ts';
import { HeldMessages } from './held-messages.ts';
import { mostReceives, queueNumber, type Queues } from './open-queues.ts';

/** Which dead letters are meant: all that fit each part that is there. */
export interface LetterFilter {
  source?: string;
  since?: Date;
  ids?: readonly string[];
}

/** The dead letters of a queue, as far as they can be seen. */
export interface Seen {
  /** Those that are meant, oldest first. */
  letters: DeadLetter[];
  /** How many there are that somebody else is looking at, or moving, just now; by the queue's own count, which is approximate. */
  hidden: number;
  /** Ids that were asked for and are not to be seen. */
  missing: string[];
  /** Are there more than may be looked at? */
  isCut: boolean;
  /** After so many receives the drafts queue gives up. */
  receives: number;
}

/**
 * Looks through the dead letters and lets them go again: also when it is stopped, or fails. Bodies are not kept: a million bytes each
 * would be too much.
 */
export async function lookThrough(queues: Queues, filter: LetterFilter, signal: AbortSignal): Promise<Seen> {
  const { client, deadLetters } = queues;
  const [receives, visible, invisible] = await Promise.all([
    mostReceives(queues),
    queueNumber(queues, deadLetters, 'ApproximateNumberOfMessages'),
    queueNumber(queues, deadLetters, 'ApproximateNumberOfMessagesNotVisible'),
  ]);
  const letters: DeadLetter[] = [];
  const held = new HeldMessages(client, deadLetters);
  const progress = showProgress(visible);
  let looked = 0;
  try {
    for await (const messages of held.receive(signal)) {
      looked += messages.length;
      progress.show(looked, 'looking');
      letters.push(...messages.map(deadLetter).filter((letter) => isMeant(letter, filter)));
    }
    const found = new Set(letters.map(({ id }) => id));
    const missing = signal.aborted ? [] : (filter.ids ?? []).filter((id) => !found.has(id));
    // Those that were hidden by somebody who was killed may have been seen by now.
    const hidden = Math.max(0, Math.min(invisible, visible + invisible - looked));
    return { letters: letters.toSorted(byTime), hidden, missing, isCut: held.isFull, receives };
  } finally {
    progress.end();
    await held.release();
  }
}

function isMeant(letter: DeadLetter, { source, since, ids }: LetterFilter): boolean {
  if (source !== undefined && !letter.sources.includes(source)) return false;
  if (since !== undefined && Date.parse(letter.sentAt) < since.getTime()) return false;
  return ids === undefined || ids.includes(letter.id);
}

function byTime(a: DeadLetter, b: DeadLetter): number {
  return a.sentAt < b.sentAt ? -1 : a.sentAt > b.sentAt ? 1 : a.id.localeCompare(b.id);
}
