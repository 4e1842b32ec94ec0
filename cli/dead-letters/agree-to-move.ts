import { askFirst } from '../ask-first.ts';
import { printable } from '../printable.ts';
import { countLetters, countLines, lettersText } from './count-letters.ts';
import { notesOn } from './list-letters.ts';
import type { Seen } from './look-through.ts';

/** How letters are moved. */
export interface MoveOptions {
  yes: boolean | undefined;
  json: boolean | undefined;
  signal: AbortSignal;
}

/**
 * Shows what would be moved, by reason and source, with some notes, and asks. False when the answer is no, or there is nothing to be
 * moved. Throws UsageError where nobody can be asked.
 */
export async function agreeToMove(
  what: 'send back' | 'drop',
  seen: Seen,
  notes: readonly string[],
  { yes, json, signal }: MoveOptions,
): Promise<boolean> {
  if (signal.aborted) return false;
  const { letters, receives } = seen;
  const counts = countLetters(letters, receives);
  // With --json the output has the result alone.
  const print = json ? console.error : console.log;
  if (letters.length === 0) print('There are no such dead letters.');
  else
    print(
      `To ${what}: ${lettersText(letters.length)}\n\n  ${countLines(counts).map(printable).join('\n  ')}\n`,
    );
  for (const note of [...notes, ...notesOn(seen)]) print(note);
  if (letters.length === 0) {
    if (json) console.log(JSON.stringify({ wanted: 0, moved: 0, twice: 0 }));
    return false;
  }
  const agreed = await askFirst(`Shall I ${what} ${lettersText(letters.length)}?`, yes);
  if (!agreed) print('Nothing was done.');
  return agreed;
}
