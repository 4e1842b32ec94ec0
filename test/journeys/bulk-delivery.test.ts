import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { conversationsOf } from '../../functions/bulk/batch-work.ts';
import { parseBulk } from '../../functions/bulk/bulk-item.ts';
import { BulkJobsTable } from '../../functions/bulk/bulk-jobs-table.ts';
import { takeOnJob } from '../../functions/bulk/take-on-job.ts';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { writeMessage, type BatchWork } from '../../functions/queue/draft-message.ts';
import { sqsEvent } from '../../local/mapping/sqs-event.ts';
import { eventually, send } from '../contract/local-system.ts';
import { author, objectId } from '../conversations/asked.ts';
import { lambdaContext } from '../lambda/invocation.ts';
import { allOf, batchesOf, completed, dataOf, type BatchData } from './bulk-client.ts';
import type { ServersIn } from '../servers/servers-in.ts';
import { openServersBehind } from './servers-behind.ts';

const visible = { VisibilityTimeout: 0 };

describe('a batch of a bulk job on the queue', () => {
  let behind: ServersIn;
  beforeAll(async () => {
    behind = await openServersBehind();
  }, 60_000);
  afterAll(() => behind.close());

  /** A job of `count` items, written as submit-bulk does; its batches are given back instead of queued. */
  async function taken(customer: string, count: number): Promise<{ job: string; batches: BatchWork[] }> {
    const items = parseBulk(
      Array.from({ length: count }, (_, n) => ({ customer, name: `Item ${n}`, _clientRef: `ref-${n}` })),
    );
    const batches: BatchWork[] = [];
    const jobs = new BulkJobsTable(behind.dynamodb, behind.bulkJobsTable);
    const outcome = await takeOnJob({ ...author, roles: ['org'], requestId: 'request', items }, jobs, {
      sendAll: async (messages) =>
        void batches.push(...messages.flatMap((message) => ('batch' in message ? [message.batch] : []))),
    });
    if (outcome.kind === 'reused') throw new Error('The job is not new');
    return { job: outcome.job.id, batches };
  }
  const queue = (batch: BatchWork, QueueUrl = behind.draftsQueue) =>
    behind.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: writeMessage({ version: 1, batch }) }));
  const expectDone = async (job: string, customer: string, { drafts }: BatchWork) => {
    const [batch] = await batchesOf(job);
    const names = drafts.map(({ name }) => name);
    expect(batch?.attributes).toMatchObject({
      status: 'complete',
      successCount: drafts.length,
      failureCount: 0,
      errors: [],
    });
    const listed = await allOf(customer);
    expect(listed.map(({ attributes }) => attributes.name).toSorted()).toEqual(names.toSorted());
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(batch?.attributes.objectIds));
    expect(batch?.attributes.results?.map(({ _clientRef }) => _clientRef)).toEqual(
      drafts.map((_, n) => `ref-${n}`),
    );
  };

  it('that is delivered again when it is done changes nothing', async () => {
    const customer = objectId(0xb4001);
    const { job, batches } = await taken(customer, 30);
    await queue(batches[0]!);
    await completed(job);
    const [first] = await batchesOf(job);
    await queue(batches[0]!);
    const again = await eventually(
      () => send('GET', `/v1/bulk/${job}/batches`),
      (answer) => dataOf<BatchData[]>(answer)[0]!.attributes.updatedAt !== first!.attributes.updatedAt,
    );
    const { objectIds, results } = dataOf<BatchData[]>(again)[0]!.attributes;
    expect({ objectIds, results }).toEqual({
      objectIds: first!.attributes.objectIds,
      results: first!.attributes.results,
    });
    await expectDone(job, customer, batches[0]!);
  });

  it('that is delivered five times at once makes each conversation once', async () => {
    const customer = objectId(0xb4002);
    const { job, batches } = await taken(customer, 30);
    await Promise.all(Array.from({ length: 5 }, () => queue(batches[0]!)));
    await completed(job);
    await expectDone(job, customer, batches[0]!);
  });

  it('that was half written when its function died is finished, with the counts right', async () => {
    const customer = objectId(0xb4003);
    const { job, batches } = await taken(customer, 30);
    const store = new DynamoStore(behind.dynamodb, behind.conversationsTable);
    const half = conversationsOf(batches[0]!).slice(0, 15);
    await store.createMany(half);
    expect(await allOf(customer)).toHaveLength(15);
    await queue(batches[0]!);
    await completed(job);
    await expectDone(job, customer, batches[0]!);
  });

  it('that finds the id of an item taken leaves what is there, and says that it clashed', async () => {
    const customer = objectId(0xb4005);
    const { job, batches } = await taken(customer, 30);
    const { id } = conversationsOf(batches[0]!)[7]!;
    const importedAt = '2020-01-01T00:00:00Z';
    const earlier = await send('POST', '/v1/conversations', {
      json: { customer, id, name: 'Earlier', importedAt },
    });
    expect(earlier.status).toBe(201);
    await queue(batches[0]!);
    await completed(job);
    const [batch] = await batchesOf(job);
    expect(batch?.attributes).toMatchObject({ successCount: 29, failureCount: 1 });
    expect(batch?.attributes.results?.[7]).toMatchObject({ _clientRef: 'ref-7', status: 'error' });
    expect((await send('GET', `/v1/conversations/${id}`)).body).toEqual(earlier.body);
    expect(await allOf(customer)).toHaveLength(30);
  });

  it('that fails until it lies in the dead letters says so; redriven, it completes', async () => {
    const customer = objectId(0xb4004);
    const { job, batches } = await taken(customer, 30);
    const QueueUrl = await queueOnItsOwn('failing');
    const handler = await writeDraftsThatFails(QueueUrl);
    await queue(batches[0]!, QueueUrl);
    for (let receives = 1; receives <= 5; receives++) {
      const { Messages = [] } = await behind.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }),
      );
      expect(Messages).toHaveLength(1);
      const [{ MessageId, ReceiptHandle }] = Messages as [(typeof Messages)[0]];
      const response = await handler(sqsEvent(Messages, 'arn:aws:sqs:us-east-1:000000000000:failing'));
      expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: MessageId }] });
      const [batch] = await batchesOf(job);
      expect(batch?.attributes.status).toBe(receives < 5 ? 'queued' : 'scheduled');
      await behind.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, ...visible }));
    }
    // The sixth receive finds nothing: SQS has moved the message.
    expect(await behind.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).not.toHaveProperty('Messages');
    expect(await send('GET', `/v1/bulk/${job}`)).toMatchObject({
      body: {
        data: {
          attributes: {
            status: 'running',
            completed: false,
            batchErrors: true,
            lastBatchError: expect.stringContaining('dead letters'),
          },
        },
      },
    });
    expect((await batchesOf(job, '?status=scheduled'))[0]?.attributes.errors).toMatchObject([
      { data: { code: 'dead_letter' } },
    ]);
    expect(await allOf(customer)).toEqual([]);

    const redriven = await letterOf(job);
    await behind.sqs.send(new SendMessageCommand({ QueueUrl: behind.draftsQueue, MessageBody: redriven }));
    expect(await completed(job)).toMatchObject({ attributes: { batchErrors: false, lastBatchError: null } });
    await expectDone(job, customer, batches[0]!);
  });

  /** A queue that no function empties, with the dead letters of the drafts queue. */
  async function queueOnItsOwn(QueueName: string): Promise<string> {
    const { Attributes } = await behind.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: behind.draftsQueue, AttributeNames: ['RedrivePolicy'] }),
    );
    const { QueueUrl } = await behind.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl!;
  }

  /** write-drafts as deployed, but without a conversations table to write to. */
  async function writeDraftsThatFails(
    queueUrl: string,
  ): Promise<(event: SQSEvent) => Promise<SQSBatchResponse>> {
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: behind.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: behind.endpoints.sqs,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      BULK_JOBS_TABLE: behind.bulkJobsTable,
      CONVERSATIONS_TABLE: 'nowhere',
      DRAFTS_QUEUE_URL: queueUrl,
      DEAD_LETTERS_URL: behind.deadLetters,
      DELIVERIES_TABLE: 'nowhere',
      MAX_RECEIVES: '5',
    });
    const { handler } = await import('../../functions/handlers/write-drafts.ts');
    return (event) => handler(event, lambdaContext);
  }

  /** The dead letter of a job's batch. */
  async function letterOf(job: string): Promise<string> {
    const { Messages = [] } = await behind.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: behind.deadLetters,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 5,
      }),
    );
    const letter = Messages.find(({ Body }) => Body?.includes(job));
    expect(letter).toBeDefined();
    return letter!.Body!;
  }
});
