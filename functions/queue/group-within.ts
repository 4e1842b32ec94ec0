/** Splits items, in their order, into groups of at most `count` items and `bytes` bytes; a larger item is a group of its own. */
export function groupWithin<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  limits: { count: number; bytes: number },
): Item[][] {
  const groups: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    const group = groups.at(-1);
    if (group && group.length < limits.count && bytes + size <= limits.bytes) {
      group.push(item);
      bytes += size;
    } else {
      groups.push([item]);
      bytes = size;
    }
  }
  return groups;
}
