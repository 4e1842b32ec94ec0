import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type { ConversationStore, ListRequest, Outcome, OutcomeOfMany, Page } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { customerKey, customerSort, listFromIndex } from './dynamo-list.ts';
import { externalIdHolder } from './identity.ts';

type Item = Record<string, AttributeValue>;

/** Puts in flight at once; the SDK's HTTP handler keeps 50 sockets. */
const concurrency = 40;
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
    const { org, id, externalId } = conversation;
    const holder = externalId === undefined ? id : externalIdHolder(org, externalId);
    if (externalId !== undefined && holder !== id) {
      const inTheWay = await this.#write(
        org,
        holder,
        claimOf(org, holder, { id, externalId, at: this.#now() }),
      );
      const claimant = inTheWay && claimantOf(inTheWay);
      if (inTheWay && claimant !== id) return await this.#conflict(org, 'externalId', claimant ?? holder);
    }
    const inTheWay = await this.#write(org, id, itemOf(conversation));
    if (!inTheWay) return { kind: 'created', conversation };
    const claimant = claimantOf(inTheWay);
    const field = externalId !== undefined && holder === id ? 'externalId' : 'id';
    if (claimant !== undefined) return await this.#conflict(org, field, claimant);
    const existing = conversationOf(inTheWay);
    if (existing.origin === conversation.origin) return { kind: 'repeated', conversation: existing };
    return { kind: 'conflict', field, id, origin: existing.origin };
  }

  createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> {
    const attempt = (conversation: Conversation): Promise<OutcomeOfMany> =>
      this.create(conversation).catch((error: unknown) => ({ kind: 'failed', error }));
    return pMap(conversations, attempt, { concurrency });
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
   * A claim is void when its conversation exists without the externalId (the create was refused for its id), or when
   * the function that made it died before it wrote the conversation: else the externalId would be blocked for good.
   */
  async #isVoid(org: string, claim: Item): Promise<boolean> {
    const claimed = await this.find(org, claimantOf(claim)!);
    if (claimed) return claimed.externalId !== claim['externalId']?.S;
    return this.#now() - Number(claim['claimedAt']?.N) > claimLifetime;
  }

  async #conflict(org: string, field: 'id' | 'externalId', id: string): Promise<Outcome> {
    const holder = await this.find(org, id);
    return { kind: 'conflict', field, id, origin: holder?.origin ?? '' };
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

/** The key of the item at an object id: also what tells one organisation's items from another's. */
function keyOf(org: string, id: string): string {
  return `org#${org}#conversation#${id}`;
}

function itemOf(conversation: Conversation): Item {
  const { org, id, customer, createdAt } = conversation;
  return {
    pk: { S: keyOf(org, id) },
    customerKey: { S: customerKey(org, customer) },
    customerSort: { S: customerSort(createdAt, id) },
    body: { S: JSON.stringify(conversation) },
  };
}

function claimOf(org: string, holder: string, claim: { id: string; externalId: string; at: number }): Item {
  return {
    pk: { S: keyOf(org, holder) },
    claimedBy: { S: claim.id },
    claimedAt: { N: String(claim.at) },
    externalId: { S: claim.externalId },
  };
}

/** The id a claim names; undefined when the item is a conversation. */
function claimantOf(item: Item): string | undefined {
  return item['claimedBy']?.S;
}

function conversationOf(item: Item): Conversation {
  return JSON.parse(item['body']!.S!) as Conversation;
}
