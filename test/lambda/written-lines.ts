import { jest } from '@jest/globals';

/** A line of a function's log or of its metrics. */
export type WrittenLine = Record<string, unknown>;

/** What functions write to standard output from here on, a line an entry: call it for all that came since it was called last. */
export function writtenLines(): () => WrittenLine[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => Boolean(written.push(String(text))));
  }
  return () => written.splice(0).map((line) => JSON.parse(line) as WrittenLine);
}
