/** Numbers that look random and follow from a seed: the same each time. */
export interface Seeded {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** The same items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** Mulberry32: https://github.com/cprosche/mulberry32. `of` tells independent sequences of one seed apart. */
export function seeded(seed: number, of: string): Seeded {
  let state = seed | 0;
  for (const unit of of) state = (Math.imul(state, 31) + unit.codePointAt(0)!) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    shuffled(items) {
      const order = [...items];
      for (let place = order.length - 1; place > 0; place--) {
        const other = between(0, place);
        [order[place], order[other]] = [order[other]!, order[place]!];
      }
      return order;
    },
  };
}
