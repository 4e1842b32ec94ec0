import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localSystem } from '../contract/local-system.ts';

/** What a local system keeps its data in. */
export interface ServersBehind {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  endpoints: { dynamodb: string; sqs: string };
  conversationsTable: string;
  bulkJobsTable: string;
  apiKeysTable: string;
  limitsTable: string;
  draftsQueue: string;
  deadLetters: string;
  close(): void;
}

/** Opens the servers of the contract's local system: to bring about what no client can, e.g. a second delivery. */
export async function openServersBehind(): Promise<ServersBehind> {
  await localSystem();
  return await openServersIn(process.env['CONTRACT_DATA_DIR'] ?? '');
}

/** Opens the servers of the system that runs on a data folder. */
export async function openServersIn(dataDir: string): Promise<ServersBehind> {
  const file = join(dataDir, 'endpoints.json');
  const endpoints = JSON.parse(readFileSync(file, 'utf8')) as ServersBehind['endpoints'];
  const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const dynamodb = new DynamoDBClient({ ...account, endpoint: endpoints.dynamodb });
  const sqs = new SQSClient({ ...account, endpoint: endpoints.sqs });
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const named = (all: readonly string[], word: string): string => {
    const [found, ...others] = all.filter((each) => each.includes(word));
    if (found === undefined || others.length > 0) throw new Error(`Not one ${word} among ${all.join(', ')}`);
    return found;
  };
  return {
    dynamodb,
    sqs,
    endpoints,
    conversationsTable: named(TableNames, 'Conversations'),
    bulkJobsTable: named(TableNames, 'BulkJobs'),
    apiKeysTable: named(TableNames, 'ApiKeys'),
    limitsTable: named(TableNames, 'Limits'),
    draftsQueue: named(QueueUrls, '/Drafts'),
    deadLetters: named(QueueUrls, '/DeadLetters'),
    close: () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}
