import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import { destination } from '../conversations/destination.ts';
import { asksOf } from '../drafts/ask.ts';
import { GivenUpNotes } from '../drafts/given-up-notes.ts';
import { outcomesOf } from '../drafts/outcomes-of.ts';
import { knownOf, partsOf } from '../drafts/parts-of.ts';
import { settlementOfAsk, settlementTogether } from '../drafts/settlement-of.ts';
import { DeliveryVerdicts } from '../hooks/delivery-verdicts.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { logger } from '../lambda/logger.ts';
import { MessageLog } from '../lambda/message-log.ts';
import { metrics } from '../lambda/metrics.ts';
import { readSecret } from '../lambda/read-secret.ts';
import { sqsClient } from '../lambda/sqs-client.ts';
import { readMessage, type DraftMessage } from '../queue/draft-message.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';
import { settle, type Settlement } from '../queue/settle.ts';

const config = readConfig(
  'BULK_JOBS_TABLE',
  'DEAD_LETTERS_URL',
  'DELIVERIES_TABLE',
  'DRAFTS_QUEUE_URL',
  'KUSTOMER_BULK_PATIENCE',
  'MAX_RECEIVES',
);
const dynamodb = dynamoClient();
const sqs = sqsClient();
const storeFor = destination({ dynamodb, readSecret });
const jobs = new BulkJobsTable(dynamodb, config.BULK_JOBS_TABLE);
const queue = new DraftsQueue(sqs, config.DRAFTS_QUEUE_URL);
const patience = (config.KUSTOMER_BULK_PATIENCE ?? 0) * 1000;
const notes = new GivenUpNotes({
  jobs,
  verdicts: new DeliveryVerdicts(dynamodb, config.DELIVERIES_TABLE),
  warn: (message, about) => logger.warn(message, { ...about }),
});
const queues = {
  client: sqs,
  url: config.DRAFTS_QUEUE_URL,
  deadLettersUrl: config.DEAD_LETTERS_URL,
  maxReceives: config.MAX_RECEIVES,
};

/** Consumer of the drafts queue: makes the conversations of each message, or hands them over, and settles each message on its own. */
export async function handler({ Records }: SQSEvent, invocation: Context): Promise<SQSBatchResponse> {
  const messages = Records.map(({ body }) => readMessage(body));
  const log = new MessageLog(Records, messages.map(knownOf), invocation);
  return await log.during(() => write(Records, messages, invocation, log));
}

async function write(
  Records: SQSRecord[],
  messages: (DraftMessage | undefined)[],
  invocation: Context,
  log: MessageLog,
): Promise<SQSBatchResponse> {
  const lastOnes = messages.filter((_, index) => isLastReceive(Records[index]!));
  await Promise.all(lastOnes.flatMap(asksOf).map((ask) => notes.beforeLastTry(ask)));
  const store = await storeFor(invocation);
  const outcomes = await outcomesOf(messages, { store, queue, patience });
  const settlements = await Promise.all(
    messages.map((message, index) => settlementOf(message, outcomes[index], isLastReceive(Records[index]!))),
  );
  metrics.add('VendorBudgetLeft', store.budgetLeft);
  log.settled(
    settlements,
    messages.map((message, index) => partsOf(message, outcomes[index])),
  );
  return await settle(Records, settlements, queues);
}

function isLastReceive({ attributes }: SQSRecord): boolean {
  return Number(attributes.ApproximateReceiveCount) >= config.MAX_RECEIVES;
}

async function settlementOf(
  message: DraftMessage | undefined,
  outcomes: readonly OutcomeOfMany[] | undefined,
  isLast: boolean,
): Promise<Settlement> {
  if (!message) return { kind: 'permanent', reason: 'not a draft message' };
  if (!outcomes) return { kind: 'done' };
  const asks = asksOf(message);
  let at = 0;
  const settlements = await Promise.all(
    asks.map(async (ask) => {
      const own = outcomes.slice(at, (at += ask.conversations.length));
      const settlement = await settlementOfAsk(ask, own, jobs);
      await notes.afterwards(ask, settlement, isLast);
      return settlement;
    }),
  );
  return 'handedOver' in message ? settlementTogether(asks, settlements) : settlements[0]!;
}
