import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type { OutcomeOfMany } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { batchGet, batchPut, batchSize, chunksOf } from './dynamo-batch.ts';
import { claimantOf, conversationOf, itemOf, keyOf, type Item } from './dynamo-items.ts';

/** Batch writes in flight at once. */
const concurrency = 8;

/**
 * Creates conversations whose ids follow from their own origins, at most 100: one read for all, then 25 in a write. Nobody else
 * asks for such an id, and every try writes the very same item, so a write needs no condition: docs/decisions/0008.
 * The outcomes are in the order of the conversations.
 */
export async function createDerived(
  client: DynamoDBClient,
  table: string,
  conversations: readonly Conversation[],
): Promise<OutcomeOfMany[]> {
  try {
    // DynamoDB refuses the same key twice in a request.
    const distinct = new Map(
      conversations.map((conversation) => [keyOf(conversation.org, conversation.id), conversation]),
    );
    const keys = [...distinct.keys()].map((key) => ({ pk: { S: key } }));
    const found = new Map((await batchGet(client, table, keys)).map((item) => [item['pk']!.S!, item]));
    const missing = [...distinct].flatMap(([key, conversation]) => (found.has(key) ? [] : [conversation]));
    const failed = await putAll(client, table, missing);
    return conversations.map((conversation) => outcomeOf(conversation, found, failed));
  } catch (error) {
    return conversations.map(() => ({ kind: 'failed', error }));
  }
}

/** Returns the error of each conversation that may be unwritten. */
async function putAll(client: DynamoDBClient, table: string, missing: readonly Conversation[]) {
  const failed = new Map<string, unknown>();
  const put = async (chunk: Conversation[]): Promise<void> => {
    try {
      await batchPut(client, table, chunk.map(itemOf));
    } catch (error) {
      for (const { id } of chunk) failed.set(id, error);
    }
  };
  await pMap(chunksOf(missing, batchSize.put), put, { concurrency });
  return failed;
}

function outcomeOf(
  conversation: Conversation,
  found: ReadonlyMap<string, Item>,
  failed: ReadonlyMap<string, unknown>,
): OutcomeOfMany {
  const { org, id, origin } = conversation;
  if (failed.has(id)) return { kind: 'failed', error: failed.get(id) };
  const item = found.get(keyOf(org, id));
  if (!item) return { kind: 'created', conversation };
  const existing = claimantOf(item) === undefined ? conversationOf(item) : undefined;
  if (existing?.origin === origin) return { kind: 'repeated', conversation: existing };
  return { kind: 'conflict', field: 'id', id, origin: existing?.origin ?? '' };
}
