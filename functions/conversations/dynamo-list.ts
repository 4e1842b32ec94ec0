import {
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ListRequest, Page } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';

interface Owner {
  org: string;
  customer: string;
}

/** The index that lists are read from: partition `customerKey`, sort `customerSort`. The stateful stack makes it. */
export const customerIndex = 'byCustomer';

/** Lambda answers with 6 MB at most (Lambda quotas); a page ends before that, and its `next` goes on from there. */
const maxPageBytes = 4_500_000;
/** DynamoDB's Limit is a 32-bit number; a query ends at 1 MB long before this. */
const mostCounted = 1_000_000;

/** The index partition of a customer's conversations. */
export function customerKey(org: string, customer: string): string {
  return `org#${org}#customer#${customer}`;
}

/** The place of a conversation in its customer's list: by time, ties by id. Also what positions are made of. */
export function customerSort(createdAt: string, id: string): string {
  return `${createdAt}#${id}`;
}

/** Reads one page of a customer's list: one query for a page that fits DynamoDB's megabyte and follows a position. */
export async function listFromIndex(
  client: DynamoDBClient,
  table: string,
  owner: Owner,
  request: ListRequest,
): Promise<Page> {
  const partition = customerKey(owner.org, owner.customer);
  const query: QueryCommandInput = {
    TableName: table,
    IndexName: customerIndex,
    KeyConditionExpression: `customerKey = :owner${request.fromDate ? ' AND customerSort >= :from' : ''}`,
    ExpressionAttributeValues: {
      ':owner': { S: partition },
      ...(request.fromDate && { ':from': { S: request.fromDate } }),
    },
  };
  const startKey = (position: string) => ({
    pk: { S: `org#${owner.org}#conversation#${position.slice(position.indexOf('#') + 1)}` },
    customerKey: { S: partition },
    customerSort: { S: position },
  });

  if (request.start && 'before' in request.start) {
    const { before } = request.start;
    // DynamoDB refuses a start key outside the key condition; all that meets the condition then comes after it.
    const isOutside = request.fromDate !== undefined && before < request.fromDate;
    const { items } = await gather(
      client,
      { ...query, ScanIndexForward: true },
      isOutside ? undefined : startKey(before),
      request.pageSize,
    );
    return pageOf(items.reverse(), true);
  }
  const after = request.start
    ? request.start.after
    : await skip(client, query, (request.page - 1) * request.pageSize);
  // DynamoDB refuses a start key outside the key condition; there is nothing after it anyway.
  if (after === 'end' || (after !== undefined && request.fromDate && after < request.fromDate)) {
    return { conversations: [] };
  }
  const { items, more } = await gather(
    client,
    { ...query, ScanIndexForward: false },
    after === undefined ? undefined : startKey(after),
    request.pageSize,
  );
  return pageOf(items, more);
}

type Item = Record<string, AttributeValue>;

/** Queries until `count` items or the page's bytes are there; `more` tells whether items follow. */
async function gather(
  client: DynamoDBClient,
  query: QueryCommandInput,
  start: Item | undefined,
  count: number,
): Promise<{ items: Item[]; more: boolean }> {
  const items: Item[] = [];
  let bytes = 0;
  let key = start;
  do {
    const page = await client.send(
      new QueryCommand({ ...query, Limit: count + 1 - items.length, ExclusiveStartKey: key }),
    );
    for (const item of page.Items ?? []) {
      bytes += Buffer.byteLength(item['body']?.S ?? '');
      if (items.length === count || (bytes > maxPageBytes && items.length > 0)) return { items, more: true };
      items.push(item);
    }
    key = page.LastEvaluatedKey;
  } while (key);
  return { items, more: false };
}

/** The position of the item that `count` items end with, `end` when there are fewer; reads no item, only counts. */
async function skip(
  client: DynamoDBClient,
  query: QueryCommandInput,
  count: number,
): Promise<string | undefined> {
  let left = count;
  let key: Item | undefined;
  while (left > 0) {
    const counted = await client.send(
      new QueryCommand({
        ...query,
        ScanIndexForward: false,
        Select: 'COUNT',
        Limit: Math.min(left, mostCounted),
        ExclusiveStartKey: key,
      }),
    );
    left -= counted.Count ?? 0;
    key = counted.LastEvaluatedKey;
    if (!key) return 'end';
  }
  return key?.['customerSort']?.S;
}

function pageOf(items: Item[], more: boolean): Page {
  const last = items.at(-1)?.['customerSort']?.S;
  const first = items[0]?.['customerSort']?.S;
  return {
    conversations: items.map((item) => JSON.parse(item['body']!.S!) as Conversation),
    ...(more && last !== undefined && { next: last }),
    ...(first !== undefined && { prev: first }),
  };
}
