import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as wait } from 'node:timers/promises';

type Item = Record<string, AttributeValue>;

/** DynamoDB takes so many items in one request: 100 to read, 25 to write. Callers keep within 16 MB. */
export const batchSize = { get: 100, put: 25 };
/** Milliseconds before DynamoDB is asked again for what it left undone; throttled requests the SDK repeats itself. */
const pauses = [0, 50, 100, 200, 400, 800];

/** Reads items by their keys, at most 100, in no order; what is not there is left out. Throws when some stay unread. */
export async function batchGet(
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
): Promise<Item[]> {
  const items: Item[] = [];
  let left: Item[] = [...keys];
  for (const pause of pauses) {
    if (left.length === 0) return items;
    if (pause > 0) await wait(pause);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[table] ?? []));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  if (left.length > 0) throw new Error(`DynamoDB left ${left.length} items unread`);
  return items;
}

/** Writes items, at most 25, each in the place of what is there. Throws when some may be unwritten. */
export async function batchPut(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let left = items.map((Item) => ({ PutRequest: { Item } }));
  for (const pause of pauses) {
    if (left.length === 0) return;
    if (pause > 0) await wait(pause);
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
    );
    left = (UnprocessedItems?.[table] ?? []) as typeof left;
  }
  if (left.length > 0) throw new Error(`DynamoDB left ${left.length} items unwritten`);
}

/** Cuts a list into lists of at most `size`, in order. */
export function chunksOf<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, index) =>
    entries.slice(index * size, (index + 1) * size),
  );
}
