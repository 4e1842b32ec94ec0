import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DeliveryBodies } from './delivery-bodies.ts';
import { listFromIndex, type DeliveryPage, type DeliveryQuery, type OriginOf } from './delivery-list.ts';
import type { DeliveryEntry, DeliveryKey, DeliveryLog } from './delivery-record.ts';
import { VerifiedDelivery } from './delivery.ts';
import {
  isExpired,
  keyOf,
  positionOf,
  recordOf,
  resultAttributes,
  updateOf,
  type DeliveryOwner,
  type DeliveryRecord,
  type Item,
} from './stored-delivery.ts';

/** A delivery with what it brought, as it was when its signature held. */
export interface KeptDelivery extends DeliveryRecord {
  delivery: VerifiedDelivery;
}

/** Seconds that a delivery is kept after it came last: 30 days, as the bucket's objects. */
const keptFor = 30 * 24 * 60 * 60;
/** Bytes of a compressed body that an item takes: DynamoDB's limit of 400 KB counts all its attributes. */
const mostInItem = 300 * 1024;

/** Deliveries in a DynamoDB table, their larger bodies elsewhere. Each is one item, written whole each time it comes. */
export class DeliveriesTable implements DeliveryLog {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #bodies: DeliveryBodies;
  readonly #now: () => number;

  constructor(client: DynamoDBClient, table: string, bodies: DeliveryBodies, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#bodies = bodies;
    this.#now = now;
  }

  async record(entry: DeliveryEntry): Promise<void> {
    const now = this.#now();
    const packed = gzipSync(entry.body, { level: 1 });
    const bodyKey = packed.length > mostInItem ? bodyKeyOf(entry) : undefined;
    // Before the record: one that names its body must have it.
    if (bodyKey !== undefined) await this.#bodies.put(bodyKey, packed);
    const update = updateOf({
      ...resultAttributes(entry, entry),
      headers: { S: JSON.stringify(entry.headers) },
      body: bodyKey === undefined ? { B: packed } : undefined,
      bodyKey: bodyKey === undefined ? undefined : { S: bodyKey },
      size: { N: String(entry.body.length) },
      expires: { N: String(Math.floor(now / 1000) + keptFor) },
    });
    const first = positionOf({ receivedAt: new Date(now).toISOString(), event: entry.event });
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keyOf(entry),
        ...update,
        UpdateExpression: `${update.UpdateExpression} ADD attempts :one`.replace(
          'SET ',
          'SET verdictSort = if_not_exists(verdictSort, :first), ',
        ),
        ExpressionAttributeValues: {
          ...update.ExpressionAttributeValues,
          ':one': { N: '1' },
          ':first': { S: first },
        },
      }),
    );
  }

  /** A delivery with its headers and body; undefined when there is none, or it is no longer kept. */
  async find(key: DeliveryKey): Promise<KeptDelivery | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(key), ConsistentRead: true }),
    );
    if (!Item || isExpired(Item, this.#now())) return undefined;
    const headers = JSON.parse(Item['headers']!.S!) as Record<string, string>;
    const delivery = new VerifiedDelivery({ headers, body: await this.#bodyOf(Item) });
    return { ...recordOf(key, Item), delivery };
  }

  /** A page of a source's deliveries, newest first, each as it stands by now: `originOf` reads the conversations. */
  async list(owner: DeliveryOwner, query: DeliveryQuery, originOf: OriginOf): Promise<DeliveryPage> {
    return await listFromIndex(this.#client, this.#table, owner, query, originOf, this.#now());
  }

  async #bodyOf(item: Item): Promise<Buffer> {
    const bodyKey = item['bodyKey']?.S;
    return gunzipSync(bodyKey === undefined ? item['body']!.B! : await this.#bodies.get(bodyKey));
  }
}

/** An event id may be any text: its hash is fit for a key. */
function bodyKeyOf({ org, source, event }: DeliveryKey): string {
  return `${org}/${source}/${hash('sha256', event)}`;
}
