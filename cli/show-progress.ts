import type { WriteStream } from 'node:tty';

const width = 30;

/** A bar that says how much is done. */
export interface Progress {
  /** Says how much is done, and a few words more. */
  show(done: number, note?: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** A bar on a terminal, of `total` steps; nothing elsewhere. More than the total may turn out to be done: it may be a guess. */
export function showProgress(total: number, terminal: WriteStream = process.stderr): Progress {
  if (!terminal.isTTY) return { show: () => {}, end: () => {} };
  return {
    show: (done, note = '') => {
      const filled = total === 0 ? width : Math.round(Math.min(1, done / total) * width);
      const bar = `[${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${Math.max(done, total)}`;
      terminal.write(`\r${bar}${note === '' ? '' : `  ${note}`}\x1b[K`);
    },
    end: () => void terminal.write('\r\x1b[K'),
  };
}
