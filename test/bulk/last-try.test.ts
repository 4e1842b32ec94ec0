import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { writeMessage, type DraftMessage } from '../../functions/queue/draft-message.ts';
import { asked, author, customer, objectId } from '../conversations/asked.ts';
import { lambdaContext } from '../lambda/invocation.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';
import { askedAt } from './a-job.ts';

const batch: DraftMessage = {
  version: 1,
  batch: { ...author, job: objectId(1), createdAt: askedAt, number: 1, first: 0, drafts: [{ customer }] },
};

describe('the last try of a batch whose job cannot be written to', () => {
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  let store: DynamoStore;
  let queue: string;
  let handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
  beforeAll(async () => {
    [dynamo, sqs] = await Promise.all([startDynamo(), startSqs()]);
    const table = await dynamo.conversationsTable();
    store = new DynamoStore(dynamo.client, table);
    queue = sqs.queue();
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      BULK_JOBS_TABLE: 'nowhere',
      CONVERSATIONS_TABLE: table,
      DRAFTS_QUEUE_URL: queue,
      DEAD_LETTERS_URL: sqs.queue(),
      DELIVERIES_TABLE: 'nowhere',
      MAX_RECEIVES: '5',
    });
    const module = await import('../../functions/handlers/write-drafts.ts');
    handler = (event) => module.handler(event, lambdaContext);
  });
  afterAll(() => Promise.all([dynamo.close(), sqs.close()]));

  it('keeps that batch on the queue, and settles the other messages as ever', async () => {
    const conversation = asked('beside', { id: objectId(2) });
    for (const message of [batch, { version: 1, conversation } as const])
      sqs.put(queue, writeMessage(message));
    const records = await sqs.receive(queue);
    const [last, other] = records.map((record, index) => ({
      ...record,
      attributes: { ...record.attributes, ApproximateReceiveCount: index === 0 ? '5' : '1' },
    }));
    expect(await handler({ Records: [last!, other!] })).toEqual({
      batchItemFailures: [{ itemIdentifier: last!.messageId }],
    });
    expect(await store.find(author.org, conversation.id)).toEqual(conversation);
  });
});
