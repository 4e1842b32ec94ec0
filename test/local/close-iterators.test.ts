import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { closeIterators } from '../../local/dynamodb/close-iterators.ts';
import { newFolder } from './written-assembly.ts';

interface LevelIterator {
  next(): Promise<unknown>;
}

interface Stores {
  create(options: object): { db: { values(options?: object): LevelIterator } };
}

let server: Server;
let client: DynamoDBClient;
/** LevelDB's iterators, in the order in which dynalite made them. */
const iterators: LevelIterator[] = [];

beforeAll(async () => {
  const stores = createRequire(import.meta.url)('dynalite/db') as Stores;
  const { create } = stores;
  stores.create = (options) => {
    const store = create(options);
    const values = store.db.values.bind(store.db);
    store.db.values = (range) => {
      const iterator = values(range);
      iterators.push(iterator);
      return iterator;
    };
    return store;
  };
  closeIterators();
  server = dynalite({ path: newFolder(), createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
  for (const sk of ['1', '2', '3']) {
    await client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'one' }, sk: { S: sk } } }));
  }
}, 30_000);

afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const TableName = 'Things';
const ofOne = {
  TableName,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'one' } },
};

test.each([
  ['a query that is read to its end', new QueryCommand(ofOne), 3],
  ['a query that ends at its limit', new QueryCommand({ ...ofOne, Limit: 1 }), 1],
  ['a scan', new ScanCommand({ TableName }), 3],
])('%s leaves no iterator of LevelDB open', async (_, command, found) => {
  iterators.splice(0);
  const { Count } = await client.send(command as QueryCommand);
  expect(Count).toBe(found);
  expect(iterators).toHaveLength(1);
  await expect(iterators[0]!.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
});
