import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type {
  ConversationStore,
  Field,
  ListRequest,
  Outcome,
  OutcomeOfMany,
  Page,
} from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { batchSize, chunksOf } from './dynamo-batch.ts';
import { createBulkItems } from './dynamo-bulk-items.ts';
import {
  claimantOf,
  claimsOf,
  conversationOf,
  isAskedBy,
  isBetrayed,
  itemOf,
  keyOf,
  serves,
  type Claim,
  type Item,
} from './dynamo-items.ts';
import { listFromIndex } from './dynamo-list.ts';
import { externalIdHolder, idempotencyHolder, isBulkItemId, unknownOrigin } from './identity.ts';

/** Puts in flight at once; the SDK's HTTP handler keeps 50 sockets. */
const concurrency = 40;
/** Hundreds of bulk items that are written at once. */
const bulkConcurrency = 4;
/** Longer than any function may run, so whoever made a claim this old and did not use it never will. */
const claimLifetime = 15 * 60 * 1000;
/** A claim so young stays valid for longer than any function runs. */
const claimFreshness = 60 * 1000;

/**
 * Conversations in a DynamoDB table: one item each, its attributes as one JSON text, so that every text and number comes
 * back as it was sent. An externalId is held by the item at its hash: the conversation itself, or, when an id was
 * asked for beside it, a claim that names that id. See docs/decisions/0001 and 0002.
 */
export class DynamoStore implements ConversationStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoDBClient, table: string, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async create(conversation: Conversation): Promise<Outcome> {
    const { org, id, origin } = conversation;
    for (const claim of claimsOf(conversation, this.#now())) {
      const { field, holder, item } = claim;
      const inTheWay = await this.#write(org, holder, item);
      if (inTheWay && !(await this.#isOurs(inTheWay, conversation, claim))) {
        return await this.#refusal(org, field, holder, (await this.#get(org, holder)) ?? inTheWay);
      }
    }
    const inTheWay = await this.#write(org, id, itemOf(conversation));
    if (!inTheWay) return { kind: 'created', conversation };
    if (claimantOf(inTheWay) === undefined) {
      const existing = conversationOf(inTheWay);
      if (existing.origin === origin) return { kind: 'repeated', conversation: existing };
    }
    return await this.#refusal(org, fieldAt(id, conversation, inTheWay), id, inTheWay);
  }

  async createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> {
    const single = (conversation: Conversation): Promise<OutcomeOfMany> =>
      this.create(conversation).catch((error: unknown) => ({ kind: 'failed', error }));
    const outcomes: OutcomeOfMany[] = [];
    const bulk: number[] = [];
    const others: number[] = [];
    for (const [index, { org, id, origin }] of conversations.entries()) {
      (isBulkItemId(org, id, origin) ? bulk : others).push(index);
    }
    const createChunk = async (indexes: number[]): Promise<void> => {
      const chunk = indexes.map((index) => conversations[index]!);
      const created = await createBulkItems(this.#client, this.#table, chunk, single);
      for (const [at, index] of indexes.entries()) outcomes[index] = created[at]!;
    };
    const createSingle = async (index: number): Promise<void> => {
      outcomes[index] = await single(conversations[index]!);
    };
    await Promise.all([
      pMap(chunksOf(bulk, batchSize.get), createChunk, { concurrency: bulkConcurrency }),
      pMap(others, createSingle, { concurrency }),
    ]);
    return outcomes;
  }

  async find(org: string, id: string): Promise<Conversation | undefined> {
    const item = await this.#get(org, id);
    return item?.['body'] ? conversationOf(item) : undefined;
  }

  async findByExternalId(org: string, externalId: string): Promise<Conversation | undefined> {
    const item = await this.#get(org, externalIdHolder(org, externalId));
    if (!item) return undefined;
    const claimant = claimantOf(item);
    const found = claimant === undefined ? conversationOf(item) : await this.find(org, claimant);
    return found?.externalId === externalId ? found : undefined;
  }

  list(org: string, customer: string, request: ListRequest): Promise<Page> {
    return listFromIndex(this.#client, this.#table, { org, customer }, request);
  }

  /** Puts the item unless another is there already, which is then returned. A claim that is void gives way. */
  async #write(org: string, id: string, item: Item): Promise<Item | undefined> {
    if (await this.#put(item)) return undefined;
    const existing = await this.#get(org, id);
    if (existing && claimantOf(existing) !== undefined && (await this.#isVoid(org, existing))) {
      return (await this.#put(item, existing)) ? undefined : await this.#get(org, id);
    }
    return existing;
  }

  /**
   * Does the claim that is there serve the conversation? An old one is renewed first, so that it cannot become void and be
   * taken by another between now and the write of the conversation.
   */
  async #isOurs(claim: Item, conversation: Conversation, { holder, item: renewed }: Claim): Promise<boolean> {
    if (!serves(claim, conversation)) return false;
    if (this.#ageOf(claim) < claimFreshness || (await this.#put(renewed, claim))) return true;
    // Somebody changed it meanwhile: the same ask, which renewed it, or another, which took it.
    const latest = await this.#get(conversation.org, holder);
    return latest !== undefined && serves(latest, conversation) && this.#ageOf(latest) < claimFreshness;
  }

  #ageOf(claim: Item): number {
    return this.#now() - Number(claim['claimedAt']?.N);
  }

  /**
   * A claim is void when its conversation turned out to be another's (the create was refused after the claim), or when
   * the function that made it died before it wrote the conversation: else what it claims would be blocked for good.
   */
  async #isVoid(org: string, claim: Item): Promise<boolean> {
    const claimed = await this.find(org, claimantOf(claim)!);
    if (claimed) return isBetrayed(claim, claimed);
    return this.#ageOf(claim) > claimLifetime;
  }

  /** The outcome when `inTheWay` lies at an object id that the conversation needs for `field`. */
  async #refusal(org: string, field: Field, holder: string, inTheWay: Item): Promise<Outcome> {
    const id = claimantOf(inTheWay) ?? holder;
    const found = claimantOf(inTheWay) === undefined ? conversationOf(inTheWay) : await this.find(org, id);
    return { kind: 'conflict', field, id, origin: found?.origin ?? unknownOrigin };
  }

  /** Puts an item where there is none, or in the place of the very claim `replaced`; false when there is another. */
  async #put(item: Item, replaced?: Item): Promise<boolean> {
    const condition = replaced
      ? {
          ConditionExpression: 'claimedBy = :by AND claimedAt = :at',
          ExpressionAttributeValues: { ':by': replaced['claimedBy']!, ':at': replaced['claimedAt']! },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #get(org: string, id: string): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: { pk: { S: keyOf(org, id) } },
        ConsistentRead: true,
      }),
    );
    return Item;
  }
}

/** What another item at a conversation's own id has taken from it. */
function fieldAt(id: string, { org, externalId, origin }: Conversation, inTheWay: Item): Field {
  const asker = idempotencyHolder(origin);
  if (asker !== undefined && isAskedBy(asker, inTheWay)) return 'idempotencyKey';
  return externalId !== undefined && externalIdHolder(org, externalId) === id ? 'externalId' : 'id';
}
