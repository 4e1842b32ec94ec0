import { parseBulk, type BulkItem } from '../../functions/bulk/bulk-item.ts';
import { customer } from '../conversations/asked.ts';

/** A bulk body of `count` items, told apart by their names: `Item 0` and so on. */
export function bulkBody(count: number, more: (index: number) => object = () => ({})): object[] {
  return Array.from({ length: count }, (_, index) => ({ customer, name: `Item ${index}`, ...more(index) }));
}

/** The items of such a body, as a request's. */
export function bulkItems(count: number, more?: (index: number) => object): BulkItem[] {
  return parseBulk(bulkBody(count, more));
}

/** A custom attribute's text of so many characters, of which JSON needs one byte each. */
export function filler(length: number): string {
  return 'x'.repeat(length);
}
