import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ApiKeyRecord } from '../functions/access/api-key.ts';

/** All keys of a table, in no order. Reads the whole table: for people; functions ask by id. */
export async function allApiKeys(client: DynamoDBClient, table: string): Promise<ApiKeyRecord[]> {
  const records: ApiKeyRecord[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    records.push(...Items.map(({ body }) => JSON.parse(body!.S!) as ApiKeyRecord));
  }
  return records;
}
