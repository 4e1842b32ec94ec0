import { agreeToMove, type MoveOptions } from './agree-to-move.ts';
import { lettersText } from './count-letters.ts';
import { lookThrough, type LetterFilter } from './look-through.ts';
import { moveMessages, nothingMoved } from './move-messages.ts';
import type { Queues } from './open-queues.ts';
import { PacedSender, type Pace } from './paced-sender.ts';
import { progressOf, reportMoved, sayPaused, tellHowFar } from './report-moved.ts';

/**
 * Shows what would be sent back to the drafts queue, asks, and sends it, each message before it is deleted from the dead letters.
 * Resolves to whether all of it was. What comes back meanwhile is not sent again: only what was shown is.
 */
export async function redriveLetters(
  queues: Queues,
  filter: LetterFilter,
  pace: Pace,
  options: MoveOptions,
): Promise<boolean> {
  const { signal } = options;
  const seen = await lookThrough(queues, filter, signal);
  // A text that is no JSON is given up at once, whatever the functions learn.
  const letters = seen.letters.filter(({ kind }) => kind !== 'text');
  const texts = seen.letters.length - letters.length;
  const hopeless = letters.filter(({ reason }) => reason !== undefined).length;
  const notes = [
    ...(hopeless > 0
      ? [`What has a reason of its own comes back unless that has changed: ${lettersText(hopeless)}.`]
      : []),
    ...(texts > 0 ? [`Not a message of ours, and no JSON, so that it stays: ${lettersText(texts)}.`] : []),
  ];
  if (!(await agreeToMove('send back', { ...seen, letters }, notes, options)))
    return letters.length === 0 && seen.missing.length === 0;
  const wanted = new Set(letters.map(({ id }) => id));
  const result = nothingMoved();
  const progress = progressOf(wanted.size, result);
  const sender = new PacedSender(queues, pace, signal, sayPaused(pace, progress));
  const take = sender.send.bind(sender);
  await tellHowFar(wanted.size, result, progress, () =>
    moveMessages(queues, wanted, take, { result, signal, onMoved: progress.show }),
  );
  const isAll = reportMoved(wanted.size, result, options, {
    text: `${lettersText(result.moved.size)} sent back to the drafts queue`,
    refused: sender.refused,
  });
  return isAll && seen.missing.length === 0;
}
