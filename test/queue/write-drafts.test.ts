import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { conversationFrom, type Conversation } from '../../functions/conversations/conversation.ts';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { DeliveriesTable } from '../../functions/hooks/deliveries-table.ts';
import { asked, author, customer, objectId } from '../conversations/asked.ts';
import { lambdaContext } from '../lambda/invocation.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';

const messageOf = (conversation: Conversation) => JSON.stringify({ version: 1, conversation });
/** The conversation that a delivery of `source` asks for, for one issue. */
const delivered = (source: string, event: string) =>
  conversationFrom({ customer, externalId: 'issue-1' }, author, { kind: 'hook', source, event });

describe('write-drafts', () => {
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  let table: string;
  let deliveries: DeliveriesTable;
  let queue: string;
  let deadLetters: string;
  let handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
  beforeAll(async () => {
    [dynamo, sqs] = await Promise.all([startDynamo(), startSqs()]);
    table = await dynamo.conversationsTable();
    const deliveriesTable = await dynamo.deliveriesTable();
    const noBucket = { put: async () => {}, get: async () => Buffer.alloc(0) };
    deliveries = new DeliveriesTable(dynamo.client, deliveriesTable, noBucket);
    queue = sqs.queue();
    deadLetters = sqs.queue();
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      CONVERSATIONS_TABLE: table,
      DRAFTS_QUEUE_URL: queue,
      DEAD_LETTERS_URL: deadLetters,
      BULK_JOBS_TABLE: 'bulk-jobs',
      DELIVERIES_TABLE: deliveriesTable,
      MAX_RECEIVES: '5',
    });
    const module = await import('../../functions/handlers/write-drafts.ts');
    handler = (event) => module.handler(event, lambdaContext);
  });
  afterAll(() => Promise.all([dynamo.close(), sqs.close()]));

  /** Puts the bodies on the queue, lets the function have them all, and tells which it failed. */
  async function run(...bodies: string[]): Promise<string[]> {
    for (const body of bodies) sqs.put(queue, body);
    const Records = await sqs.receive(queue);
    expect(Records.map(({ body }) => body)).toEqual(bodies);
    const { batchItemFailures } = await handler({ Records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    // As Lambda does with what was not reported as failed.
    for (const { messageId, receiptHandle: ReceiptHandle } of Records) {
      if (failed.has(messageId)) continue;
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
    return Records.filter(({ messageId }) => failed.has(messageId)).map(({ body }) => body);
  }
  const letters = async () =>
    (await sqs.receive(deadLetters)).map(({ body, messageAttributes }: SQSRecord) => ({
      body,
      reason: messageAttributes['reason']?.stringValue,
    }));
  const find = (id: string) => new DynamoStore(dynamo.client, table).find(author.org, id);

  const hook = (event: string, draft: { externalId?: string; name?: string } = {}) =>
    conversationFrom({ customer, ...draft }, author, { kind: 'hook', source: 'tickets', event });
  const key = (event: string) => ({ org: author.org, source: 'tickets', event });
  const received = async (event: string, { id: conversation }: Conversation) => {
    const rest = { headers: {}, body: Buffer.from('{}') };
    await deliveries.record({ ...key(event), verdict: 'queued', conversation, ...rest });
  };
  /** Lets the function have a message as it is received for the fifth time, which is the last. */
  async function runLastTry(body: string): Promise<SQSBatchResponse> {
    sqs.put(queue, body);
    const Records = await sqs.receive(queue);
    for (const { attributes } of Records) attributes.ApproximateReceiveCount = '5';
    const answer = await handler({ Records });
    for (const { receiptHandle: ReceiptHandle } of Records) {
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
    return answer;
  }

  it('creates the conversation of each of a hundred messages', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) =>
      asked(`many-${index}`, { id: objectId(1000 + index) }),
    );
    expect(await run(...hundred.map(messageOf))).toEqual([]);
    expect(await Promise.all(hundred.map(({ id }) => find(id)))).toEqual(hundred);
    expect(await letters()).toEqual([]);
  });

  it('takes a message that comes again, also twice in one batch, as done', async () => {
    const conversation = asked('again', { id: objectId(1) });
    expect(await run(messageOf(conversation), messageOf(conversation))).toEqual([]);
    expect(await run(messageOf(conversation))).toEqual([]);
    expect(await find(objectId(1))).toEqual(conversation);
    expect(await letters()).toEqual([]);
  });

  it('settles each message on its own: what can never succeed goes to the dead letters with its reason', async () => {
    await run(messageOf(asked('holder', { id: objectId(2) })));
    const clash = messageOf(asked('clash', { id: objectId(2), name: 'Other' }));
    const large = messageOf(asked('large', { id: objectId(3), name: 'x'.repeat(401 * 1024) }));
    const fine = asked('fine', { id: objectId(4) });
    expect(await run('garbage', clash, messageOf(fine), large)).toEqual([]);
    expect(await letters()).toEqual([
      { body: 'garbage', reason: 'not a draft message' },
      { body: clash, reason: `the id is held by conversation ${objectId(2)}` },
      { body: large, reason: expect.stringContaining('ValidationException') },
    ]);
    expect(await find(objectId(4))).toEqual(fine);
    expect(await find(objectId(3))).toBeUndefined();
  });

  it('takes a second delivery of one event as done when its source has made the conversation already', async () => {
    const first = delivered('github-issues', 'a');
    expect(await run(messageOf(first), messageOf(delivered('github-issues', 'b')))).toEqual([]);
    expect(await letters()).toEqual([]);
    const other = messageOf(delivered('github-releases', 'c'));
    expect(await run(other)).toEqual([]);
    expect(await letters()).toEqual([
      { body: other, reason: `the externalId is held by conversation ${first.id}` },
    ]);
  });

  describe('with the message of a webhook', () => {
    const large = { name: 'x'.repeat(401 * 1024) };

    it('writes nothing of a delivery whose conversation it creates', async () => {
      const conversation = hook('fine');
      await received('fine', conversation);
      const before = await deliveries.find(key('fine'));
      expect(await run(messageOf(conversation), messageOf(hook('of no record')))).toEqual([]);
      expect(await find(conversation.id)).toEqual(conversation);
      expect(await deliveries.find(key('fine'))).toEqual(before);
      expect(await deliveries.find(key('of no record'))).toBeUndefined();
    });

    it('marks a delivery as failed, with the reason, when its conversation can never be made', async () => {
      await run(messageOf(asked('holds', { externalId: 'held' })));
      const conversation = hook('clash', { externalId: 'held' });
      await received('clash', conversation);
      expect(await run(messageOf(conversation))).toEqual([]);
      const reason = `the externalId is held by conversation ${conversation.id}`;
      expect(await letters()).toMatchObject([{ reason }]);
      expect(await deliveries.find(key('clash'))).toMatchObject({
        verdict: 'failed',
        error: reason,
        conversation: conversation.id,
        attempts: 1,
      });
    });

    it('makes no record where there is none, and leaves that of an event alone whose further conversation fails', async () => {
      await received('again', hook('again'));
      const further = hook('again#again#1', large);
      expect(await run(messageOf(further), messageOf(hook('gone', large)))).toEqual([]);
      expect(await letters()).toHaveLength(2);
      expect(await deliveries.find(key('again'))).toMatchObject({ verdict: 'queued' });
      expect(await deliveries.find(key('again#again#1'))).toBeUndefined();
      expect(await deliveries.find(key('gone'))).toBeUndefined();
    });

    it('notes before the last try that it is the last: a function that dies of it says no more', async () => {
      const conversation = hook('last');
      await received('last', conversation);
      expect(await runLastTry(messageOf(conversation))).toEqual({ batchItemFailures: [] });
      // It was made after all: whoever reads the record finds its conversation.
      expect(await find(conversation.id)).toEqual(conversation);
      expect(await deliveries.find(key('last'))).toMatchObject({
        verdict: 'failed',
        error: 'The queue gave it up after its last try',
        conversation: conversation.id,
      });
    });

    it('keeps the others going when it cannot note a failure', async () => {
      const fine = hook('fine too');
      // DynamoDB takes no key of so many bytes.
      const unknown = hook('x'.repeat(1100), large);
      expect(await run(messageOf(unknown), messageOf(fine))).toEqual([]);
      expect(await find(fine.id)).toEqual(fine);
      expect(await letters()).toHaveLength(1);
      expect((await runLastTry(messageOf(hook('x'.repeat(1100))))).batchItemFailures).toEqual([]);
    });
  });

  it('keeps every message while the table is away, and does not bury what a repetition would save', async () => {
    await dynamo.client.send(new DeleteTableCommand({ TableName: table }));
    const message = messageOf(asked('patient', { id: objectId(9) }));
    expect(await run(message, 'garbage')).toEqual([message]);
    expect(await letters()).toEqual([{ body: 'garbage', reason: 'not a draft message' }]);
    const pauses = [...sqs.pauses(queue).values()];
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeLessThanOrEqual(10_000);
  });

  it('marks a delivery as failed when its message does not succeed at its last receive either', async () => {
    const conversation = hook('given up');
    await received('given up', conversation);
    expect(await run(messageOf(conversation))).toHaveLength(1);
    expect(await deliveries.find(key('given up'))).toMatchObject({ verdict: 'queued' });
    expect((await runLastTry(messageOf(conversation))).batchItemFailures).toHaveLength(1);
    expect(await deliveries.find(key('given up'))).toMatchObject({
      verdict: 'failed',
      error: expect.stringContaining('ResourceNotFoundException'),
    });
  });
});
