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
function logLines(): LogLine[] {
  return allLogs()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
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

/** The metrics of the invocation that wrote the first line which is `wanted`: those of several sources have a line each. */
export async function metricsOf(isWanted: (line: LogLine) => boolean): Promise<LogLine> {
  const [line] = await linesWhere(isWanted, 1);
  const isOfIt = (each: LogLine) => '_aws' in each && each['requestId'] === line?.['requestId'];
  return Object.assign({}, ...(await linesWhere(isOfIt, 1))) as LogLine;
}
