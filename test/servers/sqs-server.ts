import { PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { startFauxqs } from 'fauxqs';

/** SQS in memory, for one test file: a real server that real clients talk to. */
export interface SqsServer {
  endpoint: string;
  client: SQSClient;
  /** An empty queue; resolves to its URL. */
  queue(): string;
  /** Puts a message on the queue. */
  put(url: string, body: string): void;
  /** Receives all visible messages of the queue, or so many: records as Lambda hands them to a function. */
  receive(url: string, most?: number): Promise<SQSRecord[]>;
  /** Milliseconds until each message that was received comes back, by its id; those not received are at 0. */
  pauses(url: string): Map<string, number>;
  /** Milliseconds until each message that was sent with a delay comes. */
  delays(url: string): number[];
  /** The bodies of those messages. */
  delayed(url: string): string[];
  /** How many messages are visible. */
  ready(url: string): number;
  /** Empties a queue. */
  purge(url: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts SQS on a free port of this machine. */
export async function startSqs(): Promise<SqsServer> {
  const server = await startFauxqs({ port: 0, logger: false });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({
    endpoint: server.address,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
  let queues = 0;
  return {
    endpoint: server.address,
    client,
    queue: () => {
      const { queueName } = server.createQueue(`queue-${++queues}`);
      return `${server.address}/000000000000/${queueName}`;
    },
    put: (url, body) => void server.sendMessage(nameOf(url), body),
    receive: (url, most) => receiveAll(client, url, most),
    pauses: (url) => {
      const messages = server.inspectQueue(nameOf(url))?.messages;
      return new Map([
        ...(messages?.ready ?? []).map(({ messageId }) => [messageId, 0] as const),
        ...(messages?.inflight ?? []).map(
          ({ message, visibilityDeadline }) => [message.messageId, visibilityDeadline - Date.now()] as const,
        ),
      ]);
    },
    delays: (url) =>
      (server.inspectQueue(nameOf(url))?.messages.delayed ?? []).map(
        ({ delayUntil }) => (delayUntil ?? 0) - Date.now(),
      ),
    ready: (url) => server.inspectQueue(nameOf(url))?.messages.ready.length ?? 0,
    delayed: (url) => (server.inspectQueue(nameOf(url))?.messages.delayed ?? []).map(({ body }) => body),
    purge: async (QueueUrl) => void (await client.send(new PurgeQueueCommand({ QueueUrl }))),
    close: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

async function receiveAll(client: SQSClient, QueueUrl: string, most = Infinity): Promise<SQSRecord[]> {
  const records: SQSRecord[] = [];
  while (records.length < most) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, most - records.length),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) {
      records.push({
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attributes: message.Attributes as unknown as SQSRecord['attributes'],
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
            name,
            { stringValue: StringValue, dataType: 'String' },
          ]),
        ),
        md5OfBody: message.MD5OfBody ?? '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
        awsRegion: 'us-east-1',
      });
    }
  }
  return records;
}
