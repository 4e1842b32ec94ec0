import { numberOf } from '../number-of.ts';
import { printable } from '../printable.ts';
import type { DeliveryResource } from './hooks-api.ts';

/** Prints deliveries, a line each, below how many have which verdict. */
export function showList(deliveries: readonly DeliveryResource[], isCut: boolean): void {
  if (deliveries.length === 0) return console.log('There are no such deliveries.');
  console.log(`${numberOf(deliveries.length, 'delivery', 'deliveries')}: ${verdictCounts(deliveries)}\n`);
  const wide = (name: 'verdict' | 'source') =>
    Math.max(...deliveries.map(({ attributes }) => attributes[name].length));
  const [verdictWidth, sourceWidth] = [wide('verdict'), wide('source')];
  const idWidth = Math.max(...deliveries.map(({ id }) => id.length));
  for (const { id, attributes } of deliveries) {
    const { receivedAt, verdict, source, conversation, error } = attributes;
    const columns = [
      receivedAt,
      verdict.padEnd(verdictWidth),
      source.padEnd(sourceWidth),
      id.padEnd(idWidth),
    ];
    console.log(oneLine([...columns, conversation ?? '', error ?? ''].join('  ')));
  }
  if (isCut) console.log(`\nThese are the newest: --limit shows more.`);
}

/** Prints one delivery with what it brought. */
export function showOne({ id, attributes }: DeliveryResource): void {
  const { headers = {}, body = null, ...rest } = attributes;
  console.log(printable(`Delivery ${id}`));
  for (const [label, value] of Object.entries(rest)) {
    if (value !== null) console.log(oneLine(`  ${label.padEnd(12)}  ${value}`));
  }
  console.log(
    `\n${Object.entries(headers)
      .map(([name, value]) => oneLine(`${name}: ${value}`))
      .join('\n')}\n`,
  );
  console.log(
    body === null ? 'Its body cannot be shown: it is above 1 MB, or no UTF-8.' : printable(indented(body)),
  );
}

/** How many have which verdict, e.g. "3 created, 1 failed". */
export function verdictCounts(deliveries: readonly DeliveryResource[]): string {
  const byVerdict = Map.groupBy(deliveries, ({ attributes }) => attributes.verdict);
  return [...byVerdict].map(([verdict, { length }]) => `${length} ${verdict}`).join(', ');
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function oneLine(text: string): string {
  return printable(
    text.replaceAll(/\s+$|[\n\t]/g, (space, at: number) => (at + space.length === text.length ? '' : ' ')),
  );
}
