import { describe, expect, it } from '@jest/globals';
import { readMoment } from '../../cli/read-moment.ts';
import { UsageError } from '../../cli/run-command.ts';

const now = Date.parse('2026-11-25T19:00:00Z');

describe('a moment on the command line', () => {
  it.each([
    ['45s', '2026-11-25T18:59:15.000Z'],
    ['90m', '2026-11-25T17:30:00.000Z'],
    ['2h', '2026-11-25T17:00:00.000Z'],
    ['7d', '2026-11-18T19:00:00.000Z'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T02:00:00.5+02:00', '2026-11-01T00:00:00.500Z'],
  ])('%s is how long ago it was, or a time', (text, expected) => {
    expect(readMoment('--since', text, now).toISOString()).toBe(expected);
  });

  it.each(['', '2', '2w', '-2h', '1.5h', '2 h', 'yesterday', '2026-11-01', '2026-02-30T00:00:00Z'])(
    '"%s" is neither, and is refused with what is',
    (text) => {
      expect(() => readMoment('--since', text, now)).toThrow(UsageError);
      expect(() => readMoment('--since', text, now)).toThrow(
        `7d) or a time (2026-11-25T19:00:00Z), not ${text}`,
      );
    },
  );
});
