import { describe, expect, it } from '@jest/globals';
import { Ledger } from './ledger.ts';

const there = (conversations: Record<string, string[]>) => new Map(Object.entries(conversations));

describe('the ledger of what clients were promised', () => {
  it('has no fault to find where each is there once, under the id that was told', () => {
    const ledger = new Ledger();
    ledger.accept('one', 'two');
    ledger.told('one', 'a');
    ledger.told('one', 'a');
    ledger.acceptOneOf(['twin', 'other twin']);
    ledger.leaveOpen('perhaps', 'perhaps not');
    const found = there({ one: ['a'], two: ['b'], 'other twin': ['c'], perhaps: ['d'] });
    expect([...ledger.faults, ...ledger.faultsOf(found)]).toEqual([]);
  });

  it('finds what is missing, and what is there twice', () => {
    const ledger = new Ledger();
    ledger.accept('lost', 'doubled');
    ledger.acceptOneOf(['twin', 'other twin']);
    ledger.leaveOpen('perhaps');
    const found = there({ doubled: ['a', 'b'], twin: ['c'], 'other twin': ['d'], perhaps: ['e', 'f'] });
    expect(ledger.faultsOf(found)).toEqual([
      'lost: there are 0',
      'doubled: there are 2',
      'twin or other twin: there are 2',
      'perhaps: there are 2',
    ]);
  });

  it('finds what nobody asked for', () => {
    expect(new Ledger().faultsOf(there({ stray: ['a'] }))).toEqual(['stray: nobody asked for it']);
  });

  it('finds another id than the one that was told, and two that were told', () => {
    const ledger = new Ledger();
    ledger.accept('one');
    ledger.told('one', 'a');
    ledger.told('one', 'b');
    expect(ledger.faults).toEqual(['one was said to be a, then b']);
    expect(ledger.faultsOf(there({ one: ['c'] }))).toEqual(['one: it was said to be b, and is c']);
  });
});
