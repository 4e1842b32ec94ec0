import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readMessage, writeMessage } from '../../functions/queue/draft-message.ts';
import { DraftsQueue } from '../../functions/queue/drafts-queue.ts';
import { asked, customer, objectId } from '../conversations/asked.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';

const conversation = asked('request-1', {
  id: objectId(1),
  externalId: 'order-1',
  name: 'One',
  custom: { planStr: null, hugeNum: 1e308, tinyNum: 5e-324 },
  queue: { id: null },
});
const message = { version: 1, conversation } as const;

describe('a message of the drafts queue', () => {
  let sqs: SqsServer;
  beforeAll(async () => {
    sqs = await startSqs();
  });
  afterAll(() => sqs.close());

  it('is read as it was written', () => {
    expect(readMessage(writeMessage(message))).toEqual(message);
  });

  it.each([
    ['plain text', 'One'],
    ['letters beyond ASCII', 'é ü ß 日本 שלום'],
    ['emoji', '🦀👩‍👩‍👧‍👦'],
    ['controls', 'a\0b\u0001\t\n\u007f\u0085'],
    ['noncharacters, which SQS itself does not take', 'a\ufffeb\uffffc'],
    ['half of a surrogate pair, which SQS itself does not take', 'a\ud800b'],
    ['markup', '<&>]]>"\\'],
  ])('comes through the queue as it was sent, with %s in it', async (_, name) => {
    const url = sqs.queue();
    const sent = { ...message, conversation: { ...conversation, name } };
    await new DraftsQueue(sqs.client, url).send(sent);
    const [received] = await sqs.receive(url);
    expect(readMessage(received?.body ?? '')).toEqual(sent);
  });

  it('is sent when SQS has it, and the sender learns when it has not', async () => {
    const queue = new DraftsQueue(sqs.client, `${sqs.endpoint}/000000000000/nowhere`);
    await expect(queue.send(message)).rejects.toThrow();
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON cut short', JSON.stringify(message).slice(0, -1)],
    ['null', 'null'],
    ['an array', '[]'],
    ['an empty object', '{}'],
    ['no version', JSON.stringify({ conversation })],
    ['a version to come', JSON.stringify({ version: 2, conversation })],
    ['a version in text', JSON.stringify({ version: '1', conversation })],
    ['no conversation', JSON.stringify({ version: 1 })],
    ['a bare conversation', JSON.stringify(conversation)],
    ['a conversation without', JSON.stringify({ version: 1, conversation: null })],
    ...(['id', 'org', 'customer', 'createdBy', 'origin', 'createdAt', 'updatedAt'] as const).map(
      (field): [string, string] => [
        `no ${field}`,
        JSON.stringify({ version: 1, conversation: { ...conversation, [field]: undefined } }),
      ],
    ),
    ['another form of id', JSON.stringify({ version: 1, conversation: { ...conversation, id: 'x' } })],
    [
      'another form of date',
      JSON.stringify({ version: 1, conversation: { ...conversation, createdAt: 'now' } }),
    ],
    ['an S3 test event', '{"Service":"Amazon S3","Event":"s3:TestEvent"}'],
  ])('is not one with %s', (_, body) => {
    expect(readMessage(body)).toBeUndefined();
  });

  it('may have fields that only a later version knows', () => {
    const later = { ...message, traceId: 'x', conversation: { ...conversation, mood: 'fine', customer } };
    expect(readMessage(JSON.stringify(later))).toMatchObject({ version: 1, conversation });
  });
});
