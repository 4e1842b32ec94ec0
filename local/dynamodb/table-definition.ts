import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import type { Properties } from '../template/resolver.ts';

/** What dynalite is asked to create. */
export type TableDefinition = CreateTableCommandInput & { TableName: string };

/**
 * The part of a table resource that decides what can be stored and asked: its keys and its indexes. Recovery, deletion
 * protection, replicas, encryption and time to live have no local counterpart and are left out; capacity is on demand.
 *
 * @param name the table's physical name
 * @param properties the resolved properties of an AWS::DynamoDB::Table or AWS::DynamoDB::GlobalTable
 */
export function tableDefinition(name: string, properties: Properties): TableDefinition {
  const global = (properties['GlobalSecondaryIndexes'] ?? []) as GlobalSecondaryIndex[];
  const local = (properties['LocalSecondaryIndexes'] ?? []) as LocalSecondaryIndex[];
  return {
    TableName: name,
    KeySchema: properties['KeySchema'] as KeySchemaElement[],
    AttributeDefinitions: properties['AttributeDefinitions'] as AttributeDefinition[],
    BillingMode: 'PAY_PER_REQUEST',
    ...(global.length > 0 && { GlobalSecondaryIndexes: global.map(essentials) }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(essentials) }),
  };
}

function essentials({ IndexName, KeySchema, Projection }: LocalSecondaryIndex): LocalSecondaryIndex {
  return { IndexName, KeySchema, Projection };
}
