import { describe, expect, it } from '@jest/globals';
import { splitIntoBatches } from '../../functions/bulk/split-into-batches.ts';
import { groupWithin } from '../../functions/queue/group-within.ts';
import { bulkItems, filler } from './bulk-items.ts';

const wide = (index: number) => ({
  custom: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}Str`, filler(1000 + (index % 3))])),
});

describe('splitting a job into batches', () => {
  it.each([
    [1, [1]],
    [99, [99]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('makes of %d items batches of %j', (count, sizes) => {
    expect(splitIntoBatches(bulkItems(count)).map(({ items }) => items.length)).toEqual(sizes);
  });

  it('makes a hundred batches of 10,000 items', () => {
    expect(splitIntoBatches(bulkItems(10_000))).toHaveLength(100);
  });

  it('numbers them from 1 and tells the place of their first item, so that none is lost or doubled', () => {
    const items = bulkItems(250);
    const parts = splitIntoBatches(items);
    expect(parts.map(({ number, first }) => [number, first])).toEqual([
      [1, 0],
      [2, 100],
      [3, 200],
    ]);
    expect(parts.flatMap((part) => part.items)).toEqual(items);
  });

  it('ends a batch before its bytes are more than an item of DynamoDB holds', () => {
    const items = bulkItems(100, wide);
    const parts = splitIntoBatches(items);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      const bytes = part.items.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(bytes).toBeLessThanOrEqual(300_000);
    }
    expect(parts.flatMap((part) => part.items)).toEqual(items);
    // Each batch is as full as it gets: the next one's first item would have been too much.
    for (const [index, part] of parts.slice(0, -1).entries()) {
      const next = parts[index + 1]!.items[0]!;
      const bytes = [...part.items, next].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(bytes).toBeGreaterThan(300_000);
    }
  });

  it('counts bytes, not characters', () => {
    const inLatin = splitIntoBatches(bulkItems(100, () => ({ custom: { aTxt: 'x'.repeat(1024) } })));
    const inKanji = splitIntoBatches(bulkItems(100, () => ({ custom: { aTxt: '字'.repeat(1024) } })));
    expect([inLatin.length, inKanji.length]).toEqual([1, 2]);
  });

  it('splits the same items in the same way each time', () => {
    expect(splitIntoBatches(bulkItems(100, wide))).toEqual(splitIntoBatches(bulkItems(100, wide)));
  });
});

describe('grouping within limits', () => {
  const limits = { count: 3, bytes: 10 };
  const group = (...sizes: number[]) => groupWithin(sizes, (size) => size, limits);

  it('fills a group up to both limits', () => {
    expect(group(5, 5, 1)).toEqual([[5, 5], [1]]);
    expect(group(1, 1, 1, 1)).toEqual([[1, 1, 1], [1]]);
    expect(group(5, 6)).toEqual([[5], [6]]);
  });

  it('gives an item that is too large for any group one of its own', () => {
    expect(group(1, 11, 1)).toEqual([[1], [11], [1]]);
  });

  it('makes no group of nothing', () => {
    expect(group()).toEqual([]);
  });
});
