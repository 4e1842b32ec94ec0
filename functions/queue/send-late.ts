import type { SQSClient } from '@aws-sdk/client-sqs';
import { writeMessage, type DraftMessage } from './draft-message.ts';

/**
 * Sends a message to the drafts queue at `url` from a function that hardly ever does: SQS's client is loaded on first use. Resolves
 * when SQS has the message safely; throws when it may not have it.
 */
export async function sendLate(
  open: () => Promise<SQSClient>,
  url: string,
  message: DraftMessage,
): Promise<void> {
  const [client, { SendMessageCommand }] = await Promise.all([open(), import('@aws-sdk/client-sqs')]);
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: writeMessage(message) }));
}
