import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askFirst } from '../../cli/ask-first.ts';
import { UsageError } from '../../cli/run-command.ts';

/** A terminal, or none, on which `typed` is typed and then nothing more. */
function terminal(typed: string | undefined) {
  const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  input.end(typed);
  const output = new PassThrough();
  return {
    output,
    streams: { input: input as unknown as NodeJS.ReadStream, output },
  };
}

describe('what is asked before something is done', () => {
  it.each(['y\n', 'Y\n', 'yes\n', ' yes \n'])('is done after %j', async (typed) => {
    const { streams, output } = terminal(typed);
    expect(await askFirst('Shall I?', undefined, streams)).toBe(true);
    output.end();
    expect(await text(output)).toContain('Shall I? [y/N] ');
  });

  it.each(['n\n', '\n', 'yess\n', 'no, yes\n', ''])('is not done after %j', async (typed) => {
    expect(await askFirst('Shall I?', undefined, terminal(typed).streams)).toBe(false);
  });

  it('is not asked with --yes', async () => {
    const { streams, output } = terminal(undefined);
    expect(await askFirst('Shall I?', true, streams)).toBe(true);
    expect(output.read()).toBeNull();
  });

  it('is refused where nobody can be asked', async () => {
    const asking = askFirst('Shall I?', undefined, terminal(undefined).streams);
    await expect(asking).rejects.toThrow(UsageError);
    await expect(asking).rejects.toThrow('there is no terminal to ask on. --yes does it without asking');
  });
});
