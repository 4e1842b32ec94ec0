import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { UsageError } from './run-command.ts';

/**
 * Asks on the terminal before something is done; true is a yes. `yes` is the answer given beforehand. Throws UsageError where there is
 * no terminal to ask on.
 */
export async function askFirst(
  question: string,
  yes: boolean | undefined,
  {
    input = process.stdin,
    output = process.stderr,
  }: { input?: NodeJS.ReadStream; output?: NodeJS.WritableStream } = {},
): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY)
    throw new UsageError('Nothing was done: there is no terminal to ask on. --yes does it without asking');
  const lines = createInterface({ input, output });
  // Node leaves a question open that its input ends before.
  const ended = once(lines, 'close').then(() => '');
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C, or Ctrl-D.
  } finally {
    lines.close();
  }
}
