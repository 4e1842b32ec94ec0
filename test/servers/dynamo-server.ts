import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { customerIndex } from '../../functions/conversations/dynamo-list.ts';
import { verdictIndex } from '../../functions/hooks/stored-delivery.ts';

/** DynamoDB in memory, for one test file: a real server that real clients talk to. */
export interface DynamoServer {
  endpoint: string;
  client: DynamoDBClient;
  /** One more client of the same server, e.g. to put failures into. Closed with the server. */
  newClient(): DynamoDBClient;
  /** An empty table as the stateful stack makes it; resolves to its name. */
  conversationsTable(): Promise<string>;
  apiKeysTable(): Promise<string>;
  deliveriesTable(): Promise<string>;
  close(): Promise<void>;
}

/** Starts DynamoDB on a free port of this machine. */
export async function startDynamo(): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: DynamoDBClient[] = [];
  const newClient = (): DynamoDBClient => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  const client = newClient();
  let tables = 0;
  const create = async (definition: Omit<CreateTableCommandInput, 'TableName'>): Promise<string> => {
    const TableName = `table-${++tables}`;
    await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...definition }));
    // It is being made for a moment: until then there is no such table.
    for (;;) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      if (Table?.TableStatus === 'ACTIVE') return TableName;
    }
  };
  return {
    endpoint,
    client,
    newClient,
    conversationsTable: () => create(conversations),
    apiKeysTable: () => create(apiKeys),
    deliveriesTable: () => create(deliveries),
    close: async () => {
      for (const each of clients) each.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const apiKeys: Omit<CreateTableCommandInput, 'TableName'> = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
};

const conversations: Omit<CreateTableCommandInput, 'TableName'> = {
  AttributeDefinitions: ['pk', 'customerKey', 'customerSort'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: customerIndex,
      KeySchema: [
        { AttributeName: 'customerKey', KeyType: 'HASH' },
        { AttributeName: 'customerSort', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

const deliveries: Omit<CreateTableCommandInput, 'TableName'> = {
  AttributeDefinitions: ['pk', 'sk', 'verdictKey', 'verdictSort'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: verdictIndex.name,
      KeySchema: [
        { AttributeName: 'verdictKey', KeyType: 'HASH' },
        { AttributeName: 'verdictSort', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...verdictIndex.includes] },
    },
  ],
};
