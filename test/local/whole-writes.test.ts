import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { keepWritesWhole } from '../../local/dynamodb/whole-writes.ts';
import { newFolder } from './written-assembly.ts';

interface Write {
  type: 'put' | 'del';
  key: string;
}

interface Stores {
  create(options: object): { db: { on(event: 'write', listener: (writes: Write[]) => void): void } };
}

let server: Server;
let client: DynamoDBClient;
/** What LevelDB was given to write, each time: it keeps each whole. */
const written: string[][] = [];

beforeAll(async () => {
  keepWritesWhole();
  const stores = createRequire(import.meta.url)('dynalite/db') as Stores;
  const { create } = stores;
  stores.create = (options) => {
    const store = create(options);
    store.db.on('write', (writes) =>
      written.push(
        writes.map(({ type, key }) => `${type} ${/^index-global~Things~by\w+|^item-Things/.exec(key)?.[0]}`),
      ),
    );
    return store;
  };
  server = dynalite({ path: newFolder(), createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const byOwner = { IndexName: 'byOwner', KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' as const }] };
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: ['pk', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [{ ...byOwner, Projection: { ProjectionType: 'ALL' } }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
}, 30_000);

beforeEach(() => void written.splice(0));

afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const TableName = 'Things';
const Key = { pk: { S: 'one' } };

async function ownedBy(owner: string): Promise<unknown[]> {
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byOwner',
      KeyConditionExpression: '#owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': { S: owner } },
    }),
  );
  return Items ?? [];
}

test('an item and its entry in an index are written at once, changed at once, and deleted at once', async () => {
  const item = { ...Key, owner: { S: 'me' } };
  await client.send(new PutItemCommand({ TableName, Item: item }));
  expect(written.splice(0)).toEqual([['put index-global~Things~byOwner', 'put item-Things']]);
  expect(await ownedBy('me')).toEqual([item]);

  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET #owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': { S: 'you' } },
    }),
  );
  expect(written.splice(0)).toEqual([
    ['del index-global~Things~byOwner', 'put index-global~Things~byOwner', 'put item-Things'],
  ]);
  expect([await ownedBy('me'), await ownedBy('you')]).toEqual([[], [{ ...Key, owner: { S: 'you' } }]]);

  await client.send(new DeleteItemCommand({ TableName, Key }));
  expect(written.splice(0)).toEqual([['del index-global~Things~byOwner', 'del item-Things']]);
  expect(await ownedBy('you')).toEqual([]);
});

test('an item that is in no index is written by itself', async () => {
  await client.send(new PutItemCommand({ TableName, Item: Key }));
  expect(written).toEqual([['put item-Things']]);
});
