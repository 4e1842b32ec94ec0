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
import { createDerived } from './dynamo-derived.ts';
import {
  claimantOf,
  claimsOf,
  conversationOf,
  isAskedBy,
  isBetrayed,
  itemOf,
  keyOf,
  serves,
  type Item,
} from './dynamo-items.ts';
import { listFromIndex } from './dynamo-list.ts';
import { externalIdHolder, idempotencyHolder, isDerivedId } from './identity.ts';

/** Puts in flight at once; the SDK's HTTP handler keeps 50 sockets. */
const concurrency = 40;
/** Hundreds of conversations with ids of their own that are written at once. */
const batchConcurrency = 4;
/** Longer than any function may run, so whoever made a claim this old and did not use it never will. */
const claimLifetime = 15 * 60 * 1000;

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
    for (const { field, holder, item } of claimsOf(conversation, this.#now())) {
      const inTheWay = await this.#write(org, holder, item);
      if (inTheWay && !serves(inTheWay, conversation))
        return await this.#refusal(org, field, holder, inTheWay);
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
    const [derived, others] = partition(conversations, ({ org, id, origin }) => isDerivedId(org, id, origin));
    const attempt = (conversation: Conversation): Promise<OutcomeOfMany> =>
      this.create(conversation).catch((error: unknown) => ({ kind: 'failed', error }));
    const [together, singly] = await Promise.all([
      pMap(chunksOf(derived, batchSize.get), (chunk) => createDerived(this.#client, this.#table, chunk), {
        concurrency: batchConcurrency,
      }),
      pMap(others, attempt, { concurrency }),
    ]);
    const outcomes = new Map<Conversation, OutcomeOfMany>();
    for (const [index, outcome] of together.flat().entries()) outcomes.set(derived[index]!, outcome);
    for (const [index, outcome] of singly.entries()) outcomes.set(others[index]!, outcome);
    return conversations.map((conversation) => outcomes.get(conversation)!);
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
   * A claim is void when its conversation turned out to be another's (the create was refused after the claim), or when
   * the function that made it died before it wrote the conversation: else what it claims would be blocked for good.
   */
  async #isVoid(org: string, claim: Item): Promise<boolean> {
    const claimed = await this.find(org, claimantOf(claim)!);
    if (claimed) return isBetrayed(claim, claimed);
    return this.#now() - Number(claim['claimedAt']?.N) > claimLifetime;
  }

  /** The outcome when `inTheWay` lies at an object id that the conversation needs for `field`. */
  async #refusal(org: string, field: Field, holder: string, inTheWay: Item): Promise<Outcome> {
    const id = claimantOf(inTheWay) ?? holder;
    const found = claimantOf(inTheWay) === undefined ? conversationOf(inTheWay) : await this.find(org, id);
    return { kind: 'conflict', field, id, origin: found?.origin ?? '' };
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

function partition<Entry>(entries: readonly Entry[], isFirst: (entry: Entry) => boolean): [Entry[], Entry[]] {
  const parts: [Entry[], Entry[]] = [[], []];
  for (const entry of entries) parts[isFirst(entry) ? 0 : 1].push(entry);
  return parts;
}
