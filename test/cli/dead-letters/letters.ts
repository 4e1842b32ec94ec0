import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Queues } from '../../../cli/dead-letters/open-queues.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { writeMessage, type AskMessage } from '../../../functions/queue/draft-message.ts';
import { asked, author, customer, objectId } from '../../conversations/asked.ts';
import type { SqsServer } from '../../servers/sqs-server.ts';

/** The message of a conversation that the event `event` of a source asks for. */
export function hookMessage(source: string, event: string, more: Partial<Conversation> = {}): AskMessage {
  return { version: 1, conversation: { ...asked(event), ...more, origin: `hook#${source}#${event}` } };
}

/** The message of a batch of a bulk job. */
export function batchMessage(job = objectId(0xb0), count = 2): AskMessage {
  const drafts = Array.from({ length: count }, (_, n) => ({ customer, name: `Item ${n}` }));
  const createdAt = '2026-11-25T19:00:00.000Z';
  return { version: 1, batch: { job, ...author, createdAt, number: 3, first: 200, drafts } };
}

/** Two empty queues. `tries` counts what is sent to their server; what it throws comes in the place of the answer. */
export function newQueues(server: SqsServer, tries?: (command: string) => void): Queues {
  const client = new SQSClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      tries?.(String(context['commandName']));
      return next(args);
    },
    { step: 'initialize' },
  );
  return { client, drafts: server.queue(), deadLetters: server.queue(), close: () => client.destroy() };
}

/** Puts a message among the dead letters, as settling does when there is a reason, else as SQS does. */
export async function bury(
  { client }: SqsServer,
  { deadLetters }: Queues,
  message: AskMessage | string,
  reason?: string,
): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: deadLetters,
      MessageBody: typeof message === 'string' ? message : writeMessage(message),
      ...(reason !== undefined && {
        MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
      }),
    }),
  );
}
