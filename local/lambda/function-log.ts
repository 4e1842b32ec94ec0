import { openSync, writeSync } from 'node:fs';

const LOUD_LEVELS = new Set(['WARN', 'ERROR', 'FATAL', 'CRITICAL']);

type Write = typeof process.stdout.write;

/**
 * Sends what a function writes to stdout and stderr to its log file, whole line by whole line, at once: what was
 * written before a crash is in the file. For use inside the function's thread.
 *
 * @param file appended to; several threads of one function share it
 * @param notify called with each line a person should see: JSON of level WARN and above, and stderr that is not JSON
 * @returns a function that adds a line to the same file
 */
export function captureOutput(file: string, notify: (line: string) => void): (line: string) => void {
  const descriptor = openSync(file, 'a', 0o600);
  const append = (line: string): void => void writeSync(descriptor, `${line}\n`);
  const capture = (isLoud: (line: string) => boolean): { write: Write; flush: () => void } => {
    let unfinished = '';
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const lines = (unfinished + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split(
        '\n',
      );
      unfinished = lines.pop() ?? '';
      for (const line of lines) {
        append(line);
        if (isLoud(line)) notify(line);
      }
      const written = rest.find((argument) => typeof argument === 'function');
      if (written) queueMicrotask(() => void written());
      return true;
    };
    return { write: write as Write, flush: () => unfinished !== '' && append(unfinished) };
  };
  const out = capture((line) => isLoudJson(line) === true);
  const err = capture((line) => line.trim() !== '' && isLoudJson(line) !== false);
  process.stdout.write = out.write;
  process.stderr.write = err.write;
  process.on('exit', () => {
    out.flush();
    err.flush();
  });
  return append;
}

/** @returns undefined when the line is not a JSON log entry */
function isLoudJson(line: string): boolean | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return LOUD_LEVELS.has(String(level).toUpperCase());
  } catch {
    return undefined;
  }
}
