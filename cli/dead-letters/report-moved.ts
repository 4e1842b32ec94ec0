import { causeOf } from '../cause-of.ts';
import { showProgress } from '../show-progress.ts';
import type { MoveOptions } from './agree-to-move.ts';
import { lettersText } from './count-letters.ts';
import type { Moved } from './move-messages.ts';
import type { Pace } from './paced-sender.ts';

/** What is said of those that were moved. */
interface Summary {
  text: string;
  /** Codes with which SQS refused some. */
  refused?: readonly string[];
  /** Where they are written. */
  file?: string;
}

/** A bar that follows a result. */
export interface MoveProgress {
  show(note?: string): void;
  end(): void;
}

/** A bar for letters that are moved one after the other. */
export function progressOf(total: number, { moved }: Moved): MoveProgress {
  const bar = showProgress(total);
  return { show: (note) => bar.show(moved.size, note), end: () => bar.end() };
}

/** What to do while a sender is paused: the bar says so, or a line where there is none. */
export function sayPaused({ backlog }: Pace, progress: MoveProgress): (waiting: number) => void {
  let isTold = false;
  return (waiting) => {
    progress.show(`paused: ${waiting} wait in the drafts queue`);
    if (!isTold && !process.stderr.isTTY)
      console.error(`Paused: ${waiting} messages wait in the drafts queue, more than ${backlog}.`);
    isTold = true;
  };
}

/** Runs work whose failure says how far it was, and takes the bar away. */
export async function tellHowFar(
  total: number,
  { moved }: Moved,
  progress: MoveProgress,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(
      `${moved.size} of ${total} were moved, the others are where they were: ${causeOf(error)}. The same command goes on.`,
    );
  } finally {
    progress.end();
  }
}

/** Prints what became of `total` letters. Returns whether all of them were moved. */
export function reportMoved(
  total: number,
  { moved, twice }: Moved,
  { json, signal }: MoveOptions,
  { text, refused = [], ...more }: Summary,
): boolean {
  const left = total - moved.size;
  if (json) {
    const counts = { wanted: total, moved: moved.size, twice: twice.size };
    console.log(JSON.stringify({ ...counts, ...(refused.length > 0 && { refused }), ...more }));
    return left === 0;
  }
  console.log(`${text}.`);
  if (twice.size > 0)
    console.log(
      `${lettersText(twice.size)} of them could not be deleted: to redrive them again does no harm, or drop them.`,
    );
  if (refused.length > 0) console.log(`SQS refused ${refused.length}: ${[...new Set(refused)].join(', ')}.`);
  if (left > refused.length)
    console.log(
      signal.aborted
        ? `Stopped: the other ${left} are where they were.`
        : `${left - refused.length} were not to be seen any more: somebody else moves them or looks at them.`,
    );
  return left === 0;
}
