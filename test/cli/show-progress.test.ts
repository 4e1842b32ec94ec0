import { describe, expect, it } from '@jest/globals';
import type { WriteStream } from 'node:tty';
import { showProgress } from '../../cli/show-progress.ts';

/** What is written to a stream that is a terminal, or is none, while all steps are done. */
function written(isTTY: boolean, total: number): string[] {
  const texts: string[] = [];
  const terminal = { isTTY, write: (text: string) => texts.push(text) > 0 } as unknown as WriteStream;
  const progress = showProgress(total, terminal);
  for (let done = 1; done <= total; done++) progress.show(done);
  progress.end();
  return texts;
}

describe('a progress bar', () => {
  it('says on a terminal how much is done, and is gone when all is', () => {
    const texts = written(true, 60);
    expect(texts).toHaveLength(61);
    expect(texts[29]).toBe(`\r[${'#'.repeat(15)}${' '.repeat(15)}] 30/60\x1b[K`);
    expect(texts.at(-1)).toBe('\r\x1b[K');
  });

  it('has room for a few words, and for more than was thought to come', () => {
    const texts: string[] = [];
    const terminal = { isTTY: true, write: (text: string) => texts.push(text) > 0 } as unknown as WriteStream;
    showProgress(2, terminal).show(3, 'paused');
    expect(texts).toEqual([`\r[${'#'.repeat(30)}] 3/3  paused\x1b[K`]);
  });

  it('is not written where there is no terminal', () => {
    expect(written(false, 60)).toEqual([]);
  });
});
