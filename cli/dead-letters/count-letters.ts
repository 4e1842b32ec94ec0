import { numberOf } from '../number-of.ts';
import type { DeadLetter } from './dead-letter.ts';

/** How many dead letters have a reason, and came from a source. */
export interface LetterCount {
  count: number;
  /** Without the ids in it, so that one cause is one line. */
  reason: string;
  source: string;
}

/** Counts letters by reason and source, most first. `receives` is after how many the queue gives up. */
export function countLetters(letters: readonly DeadLetter[], receives: number): LetterCount[] {
  const counts = new Map<string, LetterCount>();
  for (const letter of letters) {
    const reason = reasonOf(letter, receives).replaceAll(/\b[0-9a-f]{24}\b/g, '…');
    const source = sourceOf(letter);
    const key = JSON.stringify([reason, source]);
    const found = counts.get(key);
    if (found) found.count++;
    else counts.set(key, { count: 1, reason, source });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}

/** One line for each count. */
export function countLines(counts: readonly LetterCount[]): string[] {
  const width = Math.max(...counts.map(({ count }) => String(count).length));
  const wide = Math.max(...counts.map(({ source }) => source.length));
  return counts.map(
    ({ count, source, reason }) => `${String(count).padStart(width)}  ${source.padEnd(wide)}  ${reason}`,
  );
}

/** Why a letter is dead, in one line. */
export function reasonOf({ reason }: DeadLetter, receives: number): string {
  return reason === undefined ? `given up after ${receives} receives` : reason.replaceAll(/\s+/g, ' ');
}

/** Where a letter came from, in a word. */
export function sourceOf({ sources, kind }: DeadLetter): string {
  return sources.join(' and ') || (kind === 'text' ? 'not ours' : 'unknown');
}

/** "1 dead letter", "2 dead letters". */
export function lettersText(count: number): string {
  return numberOf(count, 'dead letter');
}
