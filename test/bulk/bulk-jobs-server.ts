import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoServer } from '../servers/dynamo-server.ts';

/** An empty table of bulk jobs, as the stateful stack makes it; resolves to its name. */
export async function bulkJobsTable({ client }: DynamoServer): Promise<string> {
  const TableName = `bulk-jobs-${++tables}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return TableName;
}

let tables = 0;
