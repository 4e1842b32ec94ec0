import { describe, expect, it } from '@jest/globals';
import { checkDraft } from '../../functions/conversations/draft.ts';
import { customer } from './asked.ts';

function faultsOf(custom: object): (string | undefined)[] {
  const checked = checkDraft({ customer, custom });
  return 'faults' in checked ? checked.faults.map(({ pointer }) => pointer) : [];
}

const text = ['', 'x', 'x'.repeat(1024), '🦀'.repeat(1024), '__proto__', 'a\0b'];
const accepted: Record<string, unknown[]> = {
  Num: [0, -0, 1.5, -1, 1e308, 5e-324, Number.MAX_VALUE],
  At: ['2016-11-09T02:46:29.789Z', '2016-11-09T02:46:29+05:30'],
  Str: text,
  Txt: text,
  Bool: [true, false],
  Url: [
    'https://example.com',
    'https://example.com/a?b=c#d',
    'mailto:a@example.com',
    'urn:isbn:1',
    'x:y',
    'https://exämple.com/ü',
  ],
};
const refused: Record<string, unknown[]> = {
  Num: ['1', true, [], {}, Number.NaN, Number.POSITIVE_INFINITY],
  At: ['2016-11-09', 'now', '', 1478659589789, true, {}],
  Str: ['x'.repeat(1025), '🦀'.repeat(1025), 1, false, [], {}],
  Txt: ['x'.repeat(1025), '🦀'.repeat(1025), 1, false, [], {}],
  Bool: ['true', 0, 1, '', [], {}],
  Url: [
    '',
    'example.com',
    '/a/b',
    '//example.com',
    'https://a b',
    'https://',
    ' https://a.b',
    'https://a.b/<c>',
    'https://a.b/\n',
    5,
    {},
  ],
};
const cases = (table: Record<string, unknown[]>): [string, unknown][] =>
  Object.entries(table).flatMap(([suffix, values]) =>
    values.map((value): [string, unknown] => [`plan${suffix}`, value]),
  );
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}Num`, n]));

describe('custom attributes', () => {
  it.each(cases(accepted))('take as %s %j, and keep it as it came', (key, value) => {
    expect(checkDraft({ customer, custom: { [key]: value } })).toEqual({
      draft: { customer, custom: { [key]: value } },
    });
  });

  it.each(cases(refused))('refuse as %s %j', (key, value) => {
    expect(faultsOf({ [key]: value })).toEqual([`/custom/${key}`]);
  });

  it.each(Object.keys(accepted))('take null for the suffix %s, which clears the value', (suffix) => {
    expect(faultsOf({ [`plan${suffix}`]: null })).toEqual([]);
  });

  it.each([
    'plan',
    'planstr',
    'planSTR',
    'Str',
    'planStrs',
    'planId',
    'planTree',
    '1Str',
    'pl-anStr',
    'pl anStr',
    'planStr ',
    'plänStr',
    '',
  ])('refuse the key "%s"', (key) => {
    expect(faultsOf({ [key]: 'x' })).toEqual([`/custom/${key}`]);
    expect(faultsOf({ [key]: null })).toEqual([`/custom/${key}`]);
  });

  it('go by the suffix of the key, not by one within it', () => {
    expect(faultsOf({ isBoolStr: 'x', countNumAt: '2016-11-09T02:46:29Z' })).toEqual([]);
    expect(faultsOf({ isBoolStr: true })).toEqual(['/custom/isBoolStr']);
  });

  it('are at most 100, all of them fine or not', () => {
    expect(faultsOf(keys(100))).toEqual([]);
    expect(faultsOf(keys(101))).toEqual(['/custom']);
  });

  it('keep the order of their keys', () => {
    const checked = checkDraft({ customer, custom: { zStr: 'x', aNum: 1, mBool: true } });
    expect('draft' in checked && Object.keys(checked.draft.custom ?? {})).toEqual(['zStr', 'aNum', 'mBool']);
  });
});
