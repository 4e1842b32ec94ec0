import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ApiKeyRecord } from './api-key.ts';

/** The stage's API keys: a DynamoDB table with the key `pk`, one item a key. */
export class ApiKeysTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: keyOf(id) }));
    return Item?.['body']?.S === undefined ? undefined : (JSON.parse(Item['body'].S) as ApiKeyRecord);
  }

  /** Writes the record, in the place of one with the same id. */
  async put(record: ApiKeyRecord): Promise<void> {
    const Item = { ...keyOf(record.id), body: { S: JSON.stringify(record) } };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }
}

function keyOf(id: string) {
  return { pk: { S: `key#${id}` } };
}
