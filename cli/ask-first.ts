import { createInterface } from 'node:readline/promises';
import { UsageError } from './run-command.ts';

/**
 * Asks on the terminal before something is done; true is a yes. `yes` is the answer given beforehand. Throws UsageError where there is
 * no terminal to ask on.
 */
export async function askFirst(
  question: string,
  yes: boolean | undefined,
  { input = process.stdin, output = process.stderr } = {},
): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY)
    throw new UsageError('Nothing was done: there is no terminal to ask on. --yes does it without asking');
  const lines = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } catch {
    return false; // Ctrl-C, or Ctrl-D.
  } finally {
    lines.close();
  }
}
