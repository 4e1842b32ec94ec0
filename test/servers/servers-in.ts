import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a local system keeps its data in. */
export interface ServersIn {
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

/** Opens the servers of the system that runs on a data folder. */
export async function openServersIn(dataDir: string): Promise<ServersIn> {
  const file = join(dataDir, 'endpoints.json');
  const endpoints = JSON.parse(readFileSync(file, 'utf8')) as ServersIn['endpoints'];
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

/** Messages of a queue, those that are received or delayed included. */
export async function messagesIn({ sqs }: ServersIn, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (['', 'NotVisible', 'Delayed'] as const)
    .map((kind) => Number(Attributes[`ApproximateNumberOfMessages${kind}`]))
    .reduce((sum, count) => sum + count);
}

/** Resolves when the drafts queue has nothing more. Throws an Error when it still has after so many milliseconds. */
export async function drained(servers: ServersIn, patience = 120_000): Promise<void> {
  const until = performance.now() + patience;
  for (;;) {
    const left = await messagesIn(servers, servers.draftsQueue);
    if (left === 0) return;
    if (performance.now() > until) throw new Error(`The queue still has ${left} messages`);
    await delay(50);
  }
}
