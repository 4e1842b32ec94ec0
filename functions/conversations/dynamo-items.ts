import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Field } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { customerKey, customerSort } from './dynamo-list.ts';
import { externalIdHolder, idempotencyHolder } from './identity.ts';

/** An item of the conversations table, as DynamoDB has it. */
export type Item = Record<string, AttributeValue>;

/** A place beside its own id that a conversation must hold: its claim lies at the object id `holder`. */
export interface Claim {
  field: Exclude<Field, 'id'>;
  holder: string;
  item: Item;
}

/** The key of the item at an object id: also what tells one organisation's items from another's. */
export function keyOf(org: string, id: string): string {
  return `org#${org}#conversation#${id}`;
}

/** The item of a conversation. What its customer is called is not kept: here the id follows from it. */
export function itemOf(conversation: Conversation): Item {
  const { org, id, customer, createdAt, named } = conversation;
  return {
    pk: { S: keyOf(org, id) },
    customerKey: { S: customerKey(org, customer) },
    customerSort: { S: customerSort(createdAt, id) },
    body: { S: JSON.stringify(named ? { ...conversation, named: undefined } : conversation) },
  };
}

/** The conversation of an item that is no claim. */
export function conversationOf(item: Item): Conversation {
  return JSON.parse(item['body']!.S!) as Conversation;
}

/** What a conversation must claim before it is written: nothing, when its id is the hash of what it was asked by. */
export function claimsOf(conversation: Conversation, now: number): Claim[] {
  const { org, id, externalId, origin } = conversation;
  const holders: [Claim['field'], string | undefined][] = [
    ['idempotencyKey', idempotencyHolder(origin)],
    ['externalId', externalId === undefined ? undefined : externalIdHolder(org, externalId)],
  ];
  return holders.flatMap(([field, holder]) =>
    holder === undefined || holder === id
      ? []
      : [{ field, holder, item: claimItem(conversation, field, holder, now) }],
  );
}

function claimItem(
  { org, id, externalId, origin }: Conversation,
  field: Claim['field'],
  holder: string,
  now: number,
): Item {
  return {
    pk: { S: keyOf(org, holder) },
    claimedBy: { S: id },
    claimedAt: { N: String(now) },
    ...(field === 'externalId' ? { externalId: { S: externalId! } } : { origin: { S: origin } }),
  };
}

/** The id a claim names; undefined when the item is a conversation. */
export function claimantOf(item: Item): string | undefined {
  return item['claimedBy']?.S;
}

/** Does a claim serve this conversation? An externalId's must name its id, an Idempotency-Key's also its very ask. */
export function serves(claim: Item, { id, origin }: Conversation): boolean {
  return claimantOf(claim) === id && (claim['origin'] === undefined || claim['origin'].S === origin);
}

/** Is the conversation that a claim names not what the claim was made for? Then the create was refused after it. */
export function isBetrayed(claim: Item, { externalId, origin }: Conversation): boolean {
  return claim['origin'] ? claim['origin'].S !== origin : claim['externalId']?.S !== externalId;
}

/** Was an item asked for with the Idempotency-Key held at `holder`? */
export function isAskedBy(holder: string, item: Item): boolean {
  const origin = item['body'] ? conversationOf(item).origin : item['origin']?.S;
  return origin !== undefined && idempotencyHolder(origin) === holder;
}
