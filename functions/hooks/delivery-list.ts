import { QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { isOwn, isSameSource, originText } from '../conversations/identity.ts';
import { verdicts, type Verdict } from './delivery-record.ts';
import {
  isExpired,
  positionOf,
  recordOf,
  verdictIndex,
  verdictKey,
  type DeliveryOwner,
  type DeliveryRecord,
  type Item,
} from './stored-delivery.ts';

/** Which deliveries of a source are asked for. */
export interface DeliveryQuery {
  verdict?: Verdict;
  /** Only those that came first at or after this: UTC with milliseconds. */
  from?: string;
  /** Only those that came first before this. */
  to?: string;
  /** At least 1. */
  pageSize: number;
  /** How many to pass over. */
  skip?: number;
  /** A position that an earlier page gave: the page that follows it. */
  position?: string;
}

/** A part of a list. `next` is its position, opaque to callers; undefined is the end. It may have less than was asked for. */
export interface DeliveryPage {
  records: DeliveryRecord[];
  next?: string;
  /** How many of those to be passed over were not reached. */
  unskipped: number;
}

/** The origin of a conversation; undefined when there is no such conversation. */
export type OriginOf = (org: string, conversation: string) => Promise<string | undefined>;

/** So many records are looked at for one page, whatever share of them is wanted. */
export const mostLookedAt = 1000;
/** So many are read at once at least: few of them may be what is asked for. */
const leastRead = 25;
/** Conversations that are read at once. */
const concurrency = 20;

/** Below and above every time. */
const ever = { from: '0', to: ':' };

/** Verdicts as they are stored that may be shown as another, since a created conversation is noted nowhere else. */
const mayBeMade: readonly Verdict[] = ['queued', 'failed'];

/** Reads one page of a source's deliveries, newest first. `now` in milliseconds: what has expired is left out. */
export async function listFromIndex(
  client: DynamoDBClient,
  table: string,
  owner: DeliveryOwner,
  query: DeliveryQuery,
  originOf: OriginOf,
  now: number,
): Promise<DeliveryPage> {
  const { verdict, pageSize, skip = 0 } = query;
  const read = (stored: Verdict) => storedWith(stored, { client, table, owner, query, now });
  const all = newestFirst(storedAs(verdict).map(read));
  const records: DeliveryRecord[] = [];
  let unskipped = skip;
  let lookedAt = 0;
  let position: string | undefined;
  while (records.length < pageSize && lookedAt < mostLookedAt) {
    const chunk = await take(all, Math.max(pageSize - records.length, leastRead));
    const standing = await pMap(chunk, (record) => asItStands(record, originOf), { concurrency });
    for (const record of standing) {
      if (records.length === pageSize) return { records, next: position!, unskipped };
      position = positionOf(record);
      lookedAt++;
      if (verdict !== undefined && record.verdict !== verdict) continue;
      if (unskipped > 0) unskipped--;
      else records.push(record);
    }
    if (chunk.length === 0) break;
  }
  const [more] = await take(all, 1);
  return { records, unskipped, ...(more && position !== undefined && { next: position }) };
}

/**
 * What is to be shown of a record. One that is queued or failed by what was written down may have its conversation by now: made
 * from the queue, or when the dead letters were sent back.
 */
export async function asItStands<Stored extends DeliveryRecord>(
  record: Stored,
  originOf: OriginOf,
): Promise<Stored> {
  const { org, source, event, verdict, conversation } = record;
  if (!mayBeMade.includes(verdict) || conversation === undefined) return record;
  const origin = await originOf(org, conversation);
  const own = originText({ kind: 'hook', source, event });
  if (origin === undefined || !(isOwn(origin, own) || isSameSource(own, origin))) return record;
  const { error: _, ...rest } = record;
  return { ...rest, verdict: isOwn(origin, own) ? 'created' : 'repeated' } as Stored;
}

/** The verdicts that a delivery may be stored with which is shown with this one. */
function storedAs(verdict: Verdict | undefined): readonly Verdict[] {
  if (verdict === undefined) return verdicts;
  return verdict === 'created' || verdict === 'repeated' ? [verdict, ...mayBeMade] : [verdict];
}

interface Reading {
  client: DynamoDBClient;
  table: string;
  owner: DeliveryOwner;
  query: DeliveryQuery;
  now: number;
}

/** The records of one index partition, newest first, read as far as they are taken. */
async function* storedWith(
  verdict: Verdict,
  { client, table, owner, query, now }: Reading,
): AsyncGenerator<DeliveryRecord, undefined> {
  const { from = ever.from, to = ever.to, position, pageSize, skip = 0 } = query;
  // A position begins with a time: what is at the time `to` itself comes after that text.
  const upTo = position !== undefined && position < to ? position : to;
  if (from > upTo) return;
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: verdictIndex.name,
        KeyConditionExpression: 'verdictKey = :verdict AND verdictSort BETWEEN :from AND :upTo',
        ExpressionAttributeValues: {
          ':verdict': { S: verdictKey(owner, verdict) },
          ':from': { S: from },
          ':upTo': { S: upTo },
        },
        ScanIndexForward: false,
        Limit: Math.min(Math.max(pageSize + skip, leastRead) + 2, mostLookedAt),
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      if (item['verdictSort']?.S !== position && !isExpired(item, now)) yield recordOf(owner, item);
    }
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Merges lists that are newest first. One that moves from one list to another meanwhile may be in both: it comes once. */
async function* newestFirst(
  lists: readonly AsyncGenerator<DeliveryRecord, undefined>[],
): AsyncGenerator<DeliveryRecord, undefined> {
  const heads = await Promise.all(lists.map(async (list) => ({ list, head: (await list.next()).value })));
  let last: string | undefined;
  for (;;) {
    const newest = heads.reduce((best, each) => (isNewer(each.head, best.head) ? each : best));
    if (!newest.head) return;
    const record = newest.head;
    newest.head = (await newest.list.next()).value;
    if (positionOf(record) !== last) yield record;
    last = positionOf(record);
  }
}

/** In DynamoDB's order: that of the texts' bytes in UTF-8. */
function isNewer(record: DeliveryRecord | undefined, than: DeliveryRecord | undefined): boolean {
  if (!record || !than) return record !== undefined;
  return Buffer.compare(Buffer.from(positionOf(record)), Buffer.from(positionOf(than))) > 0;
}

async function take<Value>(values: AsyncGenerator<Value, undefined>, count: number): Promise<Value[]> {
  const taken: Value[] = [];
  while (taken.length < count) {
    const { value, done } = await values.next();
    if (done) break;
    taken.push(value as Value);
  }
  return taken;
}
