import type { WriteStream } from 'node:tty';

const width = 30;

/** A bar on a terminal that says how much is done; nothing elsewhere. Returns what to call after each step. */
export function showProgress(total: number, terminal: WriteStream = process.stderr): (done: number) => void {
  if (!terminal.isTTY) return () => {};
  return (done) => {
    const filled = Math.round((done / total) * width);
    terminal.write(`\r[${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${total}`);
    if (done === total) terminal.write('\r\x1b[K');
  };
}
