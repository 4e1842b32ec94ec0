import { describe, expect, it } from '@jest/globals';
import { prefersAsync } from '../../functions/lambda/prefer.ts';

describe('an answer at once', () => {
  it.each([
    'respond-async',
    'Respond-Async',
    'respond-async, wait=10',
    'wait=10, respond-async',
    'return=minimal; foo="some parameter", respond-async',
    'foo; bar; baz=1,respond-async',
    'respond-async; a=b; c',
    'respond-async;',
    'respond-async=""',
    'respond-async =',
    ', ,respond-async,,',
    '\trespond-async ',
    'foo="a, \\"b\\"; c", respond-async',
    'priority = 5 ,respond-async',
    'respond-async, respond-async=no',
  ])('is preferred by "%s"', (prefer) => {
    expect(prefersAsync({ prefer })).toBe(true);
  });

  it.each([
    undefined,
    '',
    'respond-sync',
    'respond-asynchronously',
    'wait=10',
    'handling=respond-async',
    'foo="respond-async"',
    'foo="a, respond-async, b"',
    'foo; respond-async',
    'foo; a="x", handling="respond-async"',
    'respond-async=no',
    'respond-async="yes"',
    'respond-async=no, respond-async',
    'foo="bar, respond-async',
    'foo bar, respond-async',
    '"respond-async"',
    'respond-async/1',
  ])('is not preferred by "%s"', (prefer) => {
    expect(prefersAsync({ prefer })).toBe(false);
  });

  it.each([' ', ';', '; ', 'a;', 'a="', 'a,', '\\"', ', '])(
    'is decided soon, whatever a header of 10 KB repeats: "%s"',
    (part) => {
      const prefer = part.repeat(10_240 / part.length);
      const began = performance.now();
      expect(prefersAsync({ prefer: `a${prefer}\u0000` })).toBe(false);
      expect(performance.now() - began).toBeLessThan(500);
    },
  );
});
