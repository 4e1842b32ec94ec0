import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { StartFailure } from '../start-failure.ts';
import { physicalName } from '../template/physical-name.ts';
import type { Resolver } from '../template/resolver.ts';
import { tableDefinition, type TableDefinition } from './table-definition.ts';

/**
 * Creates every table of the template that does not exist yet, from its own resource.
 *
 * @throws StartFailure when a table of that name exists with other keys or indexes
 */
export async function createTables(resolver: Resolver, client: DynamoDBClient): Promise<void> {
  const resources = resolver.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  await Promise.all(
    resources.map(async (resource) => {
      const wanted = tableDefinition(physicalName(resource, resolver), resolver.properties(resource));
      const existing = await describe(client, wanted.TableName);
      if (existing) return checkSameShape(existing, wanted);
      await client.send(new CreateTableCommand(wanted));
      await untilActive(client, wanted.TableName);
    }),
  );
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function untilActive(client: DynamoDBClient, name: string): Promise<void> {
  while ((await describe(client, name))?.TableStatus !== 'ACTIVE') await delay(5);
}

function checkSameShape(existing: TableDescription, wanted: TableDefinition): void {
  if (existing.TableStatus === 'ACTIVE' && shape(existing) === shape(wanted)) return;
  throw new StartFailure(
    `The table ${wanted.TableName} on disk has other keys or indexes than the template. ` +
      'Remove the data folder, or choose another with INTAKE_DATA_DIR=.',
  );
}

type Keyed = Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'>;

function shape({ KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes }: Keyed): string {
  const indexes = [...(GlobalSecondaryIndexes ?? []), ...(LocalSecondaryIndexes ?? [])];
  const keys = indexes.map((index) => [
    index.IndexName,
    pairs(index.KeySchema),
    index.Projection?.ProjectionType,
  ]);
  return JSON.stringify([pairs(KeySchema), keys.sort((a, b) => String(a[0]).localeCompare(String(b[0])))]);
}

function pairs(schema: TableDescription['KeySchema']): unknown[] {
  return (schema ?? []).map((key) => [key.AttributeName, key.KeyType]);
}
