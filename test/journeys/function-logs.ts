import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A line of a function's log, or of its metrics. */
export type LogLine = Record<string, unknown>;

const folder = () => join(process.env['CONTRACT_DATA_DIR'] ?? '', 'logs');

/** All that the functions of the local system have logged. */
export function allLogs(): string {
  return readdirSync(folder())
    .map((file) => readFileSync(join(folder(), file), 'utf8'))
    .join('\n');
}

/** The lines of all functions, in the order in which each wrote them. */
export function logLines(): LogLine[] {
  return allLogs()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** The lines that `isWanted`, as soon as there are `count`; what there is after 20 seconds when there are not. */
export async function linesWhere(isWanted: (line: LogLine) => boolean, count: number): Promise<LogLine[]> {
  const until = performance.now() + 20_000;
  for (;;) {
    const found = logLines().filter(isWanted);
    if (found.length >= count || performance.now() > until) return found;
    await setTimeout(50);
  }
}

/** The line of metrics that an invocation of `name` wrote right after the line of its log that `isLast`. */
export async function metricsAfter(
  name: string,
  isLast: (line: LogLine) => boolean,
): Promise<LogLine | undefined> {
  await linesWhere(isLast, 1);
  // Several environments of a function write to one file: each its line of metrics right after its last line, in one go.
  const lines = logLines().filter((line) => line['function'] === name || line['Function'] === name);
  const at = lines.findIndex(isLast);
  return lines.slice(at).find((line) => '_aws' in line);
}
