import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { batchGet, batchPut, batchSize, chunksOf } from '../conversations/dynamo-batch.ts';
import type { Batch, BatchOutcome, BulkJob } from './bulk-job.ts';

type Item = Record<string, AttributeValue>;

/** Seconds that the records of a job are kept: 30 days. */
const keptFor = 30 * 24 * 60 * 60;
/** Jobs, their batches and what became of each, in a DynamoDB table with the keys `pk` and `sk`. */
export class BulkJobsTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoDBClient, table: string, now: () => number = Date.now) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /**
   * Writes a job unless there is one with its id, not expired: that is returned, with whether all its batches are on the
   * queue.
   */
  async begin(job: BulkJob): Promise<{ job: BulkJob; isAccepted: boolean } | undefined> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: this.#item(job.org, job.id, 'job', job, job.createdAt),
          ConditionExpression: 'attribute_not_exists(pk) OR expires <= :now',
          ExpressionAttributeValues: { ':now': { N: String(Math.floor(this.#now() / 1000)) } },
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    const item = await this.#get(job.org, job.id, 'job');
    if (!item) throw new Error(`Bulk job ${job.id} vanished while it was taken on`);
    return { job: bodyOf<BulkJob>(item), isAccepted: item['accepted']?.BOOL === true };
  }

  /** Writes a job's batches, in the place of the same ones if they are there. */
  async writeBatches({ org, id, createdAt }: BulkJob, batches: readonly Batch[]): Promise<void> {
    const items = batches.map((batch) => this.#batchItem(org, id, batch, createdAt));
    for (const chunk of chunksOf(items, batchSize.put)) await batchPut(this.#client, this.#table, chunk);
  }

  /** Notes that all batches of a job are on the queue. */
  async accept({ org, id }: BulkJob): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keyOf(org, id, 'job'),
        UpdateExpression: 'SET accepted = :yes',
        ExpressionAttributeValues: { ':yes': { BOOL: true } },
      }),
    );
  }

  /** Notes what becomes of a batch if nothing better is noted: before its last try. `createdAt` is the job's. */
  async forebode(org: string, job: string, createdAt: string, outcome: BatchOutcome): Promise<void> {
    const Item = this.#item(org, job, sortKey('outcome', outcome.number), outcome, createdAt);
    try {
      const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
    } catch (error) {
      // It was noted before, or the batch is complete and was only delivered again.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Notes what became of a batch, in the place of what was noted before. `createdAt` is the job's. */
  async settle(org: string, job: string, createdAt: string, outcome: BatchOutcome): Promise<void> {
    const Item = this.#item(org, job, sortKey('outcome', outcome.number), outcome, createdAt);
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async find(org: string, id: string): Promise<BulkJob | undefined> {
    const item = await this.#get(org, id, 'job');
    return item && Number(item['expires']?.N) * 1000 > this.#now() ? bodyOf<BulkJob>(item) : undefined;
  }

  /** What became of the batches that are not queued any more, by their number. */
  async outcomes({ org, id }: BulkJob): Promise<Map<number, BatchOutcome>> {
    const outcomes = new Map<number, BatchOutcome>();
    let start: Item | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :job AND begins_with(sk, :outcome)',
          ExpressionAttributeValues: { ':job': keyOf(org, id, 'job').pk, ':outcome': { S: 'outcome#' } },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) {
        const outcome = bodyOf<BatchOutcome>(item);
        outcomes.set(outcome.number, outcome);
      }
      start = page.LastEvaluatedKey;
    } while (start);
    return outcomes;
  }

  /** Batches by their numbers, at most 100, in that order. */
  async batches({ org, id }: BulkJob, numbers: readonly number[]): Promise<Batch[]> {
    const keys = numbers.map((number) => keyOf(org, id, sortKey('batch', number)));
    const items = await batchGet(this.#client, this.#table, keys);
    const found = new Map(items.map((item) => [item['sk']!.S!, item]));
    return numbers.flatMap((number) => {
      const item = found.get(sortKey('batch', number));
      return item ? [batchOf(item)] : [];
    });
  }

  async #get(org: string, id: string, sk: string): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(org, id, sk), ConsistentRead: true }),
    );
    return Item;
  }

  /** What was sent stands as it is beside the rest: JSON within JSON would take up to twice its room. */
  #batchItem(org: string, id: string, { items, ...rest }: Batch, createdAt: string): Item {
    const item = this.#item(org, id, sortKey('batch', rest.number), rest, createdAt);
    return { ...item, items: { S: `[${items.join(',')}]` } };
  }

  #item(org: string, id: string, sk: string, body: object, createdAt: string): Item {
    const expires = Math.floor(Date.parse(createdAt) / 1000) + keptFor;
    return { ...keyOf(org, id, sk), body: { S: JSON.stringify(body) }, expires: { N: String(expires) } };
  }
}

function keyOf(org: string, id: string, sk: string) {
  return { pk: { S: `org#${org}#bulk#${id}` }, sk: { S: sk } };
}

function sortKey(kind: 'batch' | 'outcome', number: number): string {
  return `${kind}#${String(number).padStart(5, '0')}`;
}

function bodyOf<Body>(item: Item): Body {
  return JSON.parse(item['body']!.S!) as Body;
}

function batchOf(item: Item): Batch {
  const items = JSON.parse(item['items']!.S!) as unknown[];
  return { ...bodyOf<Omit<Batch, 'items'>>(item), items: items.map((sent) => JSON.stringify(sent)) };
}
