import { agreeToMove, type MoveOptions } from './agree-to-move.ts';
import { lettersText } from './count-letters.ts';
import { deadLetter, type DeadLetter } from './dead-letter.ts';
import { droppedMessages } from './dropped-file.ts';
import { nothingMoved } from './move-messages.ts';
import { mostReceives, type Queues } from './open-queues.ts';
import { PacedSender, type Pace } from './paced-sender.ts';
import { progressOf, reportMoved, sayPaused, tellHowFar } from './report-moved.ts';

/** Shows what a file of dropped messages has, asks, and sends it to the drafts queue. The file stays. Resolves to whether all of it was sent. */
export async function redriveFile(
  queues: Queues,
  path: string,
  pace: Pace,
  options: MoveOptions,
): Promise<boolean> {
  const { signal } = options;
  const letters: DeadLetter[] = [];
  for await (const message of droppedMessages(path)) letters.push(deadLetter(message));
  const seen = { letters, hidden: 0, missing: [], isCut: false, receives: await mostReceives(queues) };
  if (!(await agreeToMove('send back', seen, [`${path} stays as it is.`], options)))
    return letters.length === 0;
  const result = nothingMoved();
  const progress = progressOf(letters.length, result);
  const sender = new PacedSender(queues, pace, signal, sayPaused(pace, progress));
  await tellHowFar(letters.length, result, progress, async () => {
    for await (const message of droppedMessages(path)) {
      if (signal.aborted) break;
      for await (const [sent] of sender.send([message])) if (sent) result.moved.add(sent.MessageId ?? '');
      progress.show();
    }
  });
  const text = `${lettersText(result.moved.size)} of ${path} sent to the drafts queue`;
  return reportMoved(letters.length, result, options, { text, refused: sender.refused });
}
