import { describe, expect, it } from '@jest/globals';
import { masked } from '../../functions/lambda/masked.ts';

describe('what a log entry quotes of others', () => {
  it.each([
    ['an address', 'customer jane.o+x@mail.example.co.uk exists', 'customer (address) exists'],
    ['an address with letters of any language', 'müller@bücher.example', '(address)'],
    ['a phone number', 'call +1 (555) 010-9999 now', 'call (number) now'],
    ['a phone number without its plus', '"004915112345678"', '"(number)"'],
    ['what an Authorization header has', 'sent Bearer abc.def-123= to', 'sent (credential) to'],
    ['a password of Basic', 'basic dXNlcjpwYXNz', '(credential)'],
    ['an API key', `key ci_${'0a'.repeat(12)}_${'s-'.repeat(21)}s`, 'key (credential)'],
  ])('is left out where it is %s', (_, text, expected) => {
    for (const key of ['message', 'reason', 'stack']) expect(masked(key, text)).toBe(expected);
  });

  it.each([
    ['an object id', 'held by conversation 000000000000000000000002'],
    ['a package in a stack', 'at send (/var/task/node_modules/@aws-sdk/core/index.js:12:3456)'],
    ['a time', 'not before 2026-01-01T10:00:00.000Z'],
    ['a size', 'Item size 409600 bytes'],
    ['a request id', 'f7cc0d3f-1e4b-4f7e-9a53-0d6a5c2b1e00'],
  ])('stays where it is %s', (_, text) => {
    expect(masked('reason', text)).toBe(text);
  });

  it('stays in fields that quote nobody, and in values that are no text', () => {
    expect(masked('delivery', 'evt_4915112345678')).toBe('evt_4915112345678');
    expect(masked('ms', 1234567)).toBe(1234567);
  });

  it('takes no longer for a long text than its length explains', () => {
    const began = performance.now();
    masked('reason', 'a'.repeat(200_000));
    masked('reason', '1'.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
