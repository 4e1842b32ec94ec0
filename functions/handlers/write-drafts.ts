import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import type { Conversation } from '../conversations/conversation.ts';
import { DynamoStore } from '../conversations/dynamo-store.ts';
import { isSameSource } from '../conversations/identity.ts';
import { dynamoClient, sqsClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { logger } from '../lambda/logger.ts';
import { readMessage } from '../queue/draft-message.ts';
import { settle, type Settlement } from '../queue/settle.ts';

const config = readConfig('CONVERSATIONS_TABLE', 'DEAD_LETTERS_URL', 'DRAFTS_QUEUE_URL');
const store = new DynamoStore(dynamoClient(), config.CONVERSATIONS_TABLE);
const queues = { client: sqsClient(), url: config.DRAFTS_QUEUE_URL, deadLettersUrl: config.DEAD_LETTERS_URL };

/** Consumer of the drafts queue: creates the conversation of each message and settles each on its own. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const asked = Records.map(({ body }) => readMessage(body)?.conversation);
  const outcomes = (
    await store.createMany(asked.filter((conversation) => conversation !== undefined))
  ).values();
  const settlements = asked.map((conversation): Settlement =>
    conversation
      ? settlementOf(conversation, outcomes.next().value!)
      : { kind: 'permanent', reason: 'not a draft message' },
  );
  report(
    Records.map(({ messageId }) => messageId),
    settlements,
  );
  return await settle(Records, settlements, queues);
}

function settlementOf({ origin }: Conversation, outcome: OutcomeOfMany): Settlement {
  switch (outcome.kind) {
    case 'created':
    case 'repeated':
      return { kind: 'done' };
    case 'conflict':
      return isSameSource(origin, outcome.origin)
        ? { kind: 'done' }
        : { kind: 'permanent', reason: `the ${outcome.field} is held by conversation ${outcome.id}` };
    case 'failed':
      return isPermanent(outcome.error)
        ? { kind: 'permanent', reason: String(outcome.error) }
        : { kind: 'retryable', error: outcome.error };
  }
}

/** DynamoDB refuses the item itself, e.g. for its size: the same item will never do. All else may pass. */
function isPermanent(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException';
}

function report(ids: string[], settlements: Settlement[]): void {
  for (const [index, settlement] of settlements.entries()) {
    if (settlement.kind === 'permanent')
      logger.error('to the dead letters', { messageId: ids[index], ...settlement });
    if (settlement.kind === 'retryable')
      logger.warn('back to the queue', { messageId: ids[index], ...settlement });
  }
  logger.info('settled', { messages: ids.length, ...Object.fromEntries(countBy(settlements)) });
}

function countBy(settlements: Settlement[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of settlements) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
