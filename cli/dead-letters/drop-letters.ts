import { agreeToMove, type MoveOptions } from './agree-to-move.ts';
import { lettersText } from './count-letters.ts';
import { DroppedFile } from './dropped-file.ts';
import { lookThrough, type LetterFilter } from './look-through.ts';
import { moveMessages, nothingMoved } from './move-messages.ts';
import type { Queues } from './open-queues.ts';
import { progressOf, reportMoved, tellHowFar } from './report-moved.ts';

/** Shows what would be dropped, asks, writes it to a new file, and deletes it. Resolves to whether all of it was. */
export async function dropLetters(
  queues: Queues,
  filter: LetterFilter,
  path: string,
  options: MoveOptions,
): Promise<boolean> {
  const { signal } = options;
  const seen = await lookThrough(queues, filter, signal);
  const { letters } = seen;
  const notes = letters.length === 0 ? [] : [`Each is written to ${path} first.`];
  if (!(await agreeToMove('drop', seen, notes, options)))
    return letters.length === 0 && seen.missing.length === 0;
  const wanted = new Set(letters.map(({ id }) => id));
  const result = nothingMoved();
  const progress = progressOf(wanted.size, result);
  const file = await DroppedFile.make(path);
  try {
    await tellHowFar(wanted.size, result, progress, () =>
      moveMessages(queues, wanted, (messages) => file.write(messages), {
        result,
        signal,
        onMoved: progress.show,
      }),
    );
  } finally {
    await file.close();
  }
  const text = `${lettersText(result.moved.size)} dropped, and written to ${path}`;
  const isAll = reportMoved(wanted.size, result, options, { text, file: path });
  return isAll && seen.missing.length === 0;
}
