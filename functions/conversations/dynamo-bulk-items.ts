import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type { OutcomeOfMany } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { batchGet, batchPut, batchSize, chunksOf } from './dynamo-batch.ts';
import { itemOf, keyOf } from './dynamo-items.ts';

/** Requests in flight at once. */
const concurrency = 8;

/**
 * Creates items of bulk jobs whose ids follow from their places, at most 100: one read for all, then 25 in a write. Nobody else
 * asks for such an id, and every try writes the very same item, so a write needs no condition: docs/decisions/0008.
 * What the read finds, and what DynamoDB refuses in company, is left to `single`. The outcomes are in the order of the items.
 */
export async function createBulkItems(
  client: DynamoDBClient,
  table: string,
  items: readonly Conversation[],
  single: (item: Conversation) => Promise<OutcomeOfMany>,
): Promise<OutcomeOfMany[]> {
  const outcomes: OutcomeOfMany[] = [];
  const fail = (indexes: readonly number[], error: unknown): void => {
    for (const index of indexes) outcomes[index] = { kind: 'failed', error };
  };
  let known: Set<string>;
  try {
    known = await keysThere(client, table, items);
  } catch (error) {
    fail([...items.keys()], error);
    return outcomes;
  }
  const missing: number[] = [];
  const alone: number[] = [];
  for (const [index, { org, id }] of items.entries()) {
    const key = keyOf(org, id);
    (known.has(key) ? alone : missing).push(index);
    known.add(key); // The same item twice in one call: the second goes alone, and finds the first.
  }
  const write = async (indexes: number[]): Promise<void> => {
    try {
      const batch = indexes.map((index) => itemOf(items[index]!));
      await batchPut(client, table, batch);
      for (const index of indexes) outcomes[index] = { kind: 'created', conversation: items[index]! };
    } catch (error) {
      // One item that DynamoDB refuses makes it refuse all: each is tried on its own, and tells its own error.
      if (error instanceof Error && error.name === 'ValidationException') alone.push(...indexes);
      else fail(indexes, error);
    }
  };
  await pMap(chunksOf(missing, batchSize.put), write, { concurrency });
  const tryAlone = async (index: number): Promise<void> => {
    outcomes[index] = await single(items[index]!);
  };
  await pMap(alone, tryAlone, { concurrency });
  return outcomes;
}

/** The keys at which there is something already, of those of the items. */
async function keysThere(
  client: DynamoDBClient,
  table: string,
  items: readonly Conversation[],
): Promise<Set<string>> {
  const keys = [...new Set(items.map(({ org, id }) => keyOf(org, id)))];
  const asked = keys.map((key) => ({ pk: { S: key } }));
  const found = await batchGet(client, table, asked);
  return new Set(found.map((item) => item['pk']!.S!));
}
