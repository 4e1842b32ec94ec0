import { numberOf } from '../number-of.ts';
import { printable } from '../printable.ts';
import { countLetters, countLines, lettersText, reasonOf, sourceOf } from './count-letters.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { Seen } from './look-through.ts';

/** Prints the dead letters that are meant: how many, by reason and source, and each in a line. */
export function listLetters(seen: Seen, json: boolean | undefined): void {
  const { letters, receives, hidden, isCut } = seen;
  const counts = countLetters(letters, receives);
  if (json) return console.log(JSON.stringify({ counts, hidden, isCut, letters }));
  if (letters.length === 0) console.log('There are no such dead letters.');
  else {
    console.log(`${lettersText(letters.length)}\n\n  ${countLines(counts).map(printable).join('\n  ')}\n`);
    const rows = letters.map((letter) => [letter, aboutOf(letter)] as const);
    const width = Math.max(...rows.map(([, about]) => about.length));
    for (const [letter, about] of rows) {
      const { id, sentAt, receives: times } = letter;
      const line = `${id}  ${sentAt}  ${String(times).padStart(2)} ×  ${about.padEnd(width)}  ${reasonOf(letter, receives)}`;
      console.log(printable(line));
    }
  }
  for (const note of notesOn(seen)) console.log(`\n${note}`);
}

/** What a list of dead letters cannot show. */
export function notesOn({ hidden, missing, isCut }: Pick<Seen, 'hidden' | 'missing' | 'isCut'>): string[] {
  const some = `${hidden} more ${hidden === 1 ? 'is' : 'are'} hidden`;
  return [
    ...(missing.length > 0 ? [`Not among the dead letters: ${missing.join(', ')}.`] : []),
    ...(hidden > 0
      ? [
          `About ${some}: somebody looks at them or moves them just now, or was killed at it within the minute.`,
        ]
      : []),
    ...(isCut ? ['There are more than can be looked at in one go: redrive or drop these first.'] : []),
  ];
}

/** A source and the conversation, or a job and its batch. */
function aboutOf(letter: DeadLetter): string {
  const { kind, job, batch, items, conversation } = letter;
  if (kind === 'handed-over') return `${sourceOf(letter)} (${numberOf(items ?? 0, 'message')} handed over)`;
  if (kind === 'batch') return `bulk ${job} batch ${batch} (${numberOf(items ?? 0, 'item')})`;
  return conversation === undefined ? sourceOf(letter) : `${sourceOf(letter)} ${conversation}`;
}
