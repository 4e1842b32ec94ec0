import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Reads a secret from standard input: all of it but the last line end, or, on a terminal, a line that is not shown. */
export async function readNewSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } catch {
    throw new Error('Nothing was set.'); // Ctrl-C, or Ctrl-D.
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
