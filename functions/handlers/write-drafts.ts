import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { batchOutcome, conversationsOf, lastTry } from '../bulk/batch-work.ts';
import { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import type { Conversation } from '../conversations/conversation.ts';
import { destination } from '../conversations/destination.ts';
import { isSameSource } from '../conversations/identity.ts';
import { Postponed } from '../conversations/postponed.ts';
import { DeliveryVerdicts } from '../hooks/delivery-verdicts.ts';
import { givenUp, lastTry as lastTryOfDelivery } from '../hooks/given-up.ts';
import { dynamoClient, sqsClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { logger } from '../lambda/logger.ts';
import { MessageLog } from '../lambda/message-log.ts';
import { metrics } from '../lambda/metrics.ts';
import { Problem } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';
import { readMessage, type BatchWork, type DraftMessage } from '../queue/draft-message.ts';
import { knownOf, tallyOf } from '../queue/known-of-message.ts';
import { settle, type Settlement } from '../queue/settle.ts';

const config = readConfig(
  'BULK_JOBS_TABLE',
  'DEAD_LETTERS_URL',
  'DELIVERIES_TABLE',
  'DRAFTS_QUEUE_URL',
  'MAX_RECEIVES',
);
const client = dynamoClient();
const storeFor = destination({ dynamodb: client, readSecret });
const jobs = new BulkJobsTable(client, config.BULK_JOBS_TABLE);
const verdicts = new DeliveryVerdicts(client, config.DELIVERIES_TABLE);
const queues = {
  client: sqsClient(),
  url: config.DRAFTS_QUEUE_URL,
  deadLettersUrl: config.DEAD_LETTERS_URL,
  maxReceives: config.MAX_RECEIVES,
};

/** Consumer of the drafts queue: creates the conversations of each message and settles each message on its own. */
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
  await Promise.all(Records.map((record, index) => noteLastTry(record, messages[index])));
  const asked = messages.map(conversationsAskedBy);
  const store = await storeFor(invocation);
  const outcomes = await store.createMany(asked.flat());
  let at = 0;
  const outcomesOf = asked.map(({ length }) => outcomes.slice(at, (at += length)));
  const settlements = await Promise.all(
    messages.map((message, index) => settlementOf(message, asked[index]!, outcomesOf[index]!)),
  );
  await Promise.all(
    Records.map((record, index) => noteGivenUp(record, messages[index], settlements[index]!)),
  );
  metrics.add('VendorBudgetLeft', store.budgetLeft);
  log.settled(
    settlements,
    asked.map((conversations, index) => tallyOf(conversations, outcomesOf[index]!)),
  );
  return await settle(Records, settlements, queues);
}

function conversationsAskedBy(message: DraftMessage | undefined): Conversation[] {
  if (!message) return [];
  return 'batch' in message ? conversationsOf(message.batch) : [message.conversation];
}

/** What stays written down when this try fails too, or the function dies of it. The others do not wait for a note that fails. */
async function noteLastTry(record: SQSRecord, message: DraftMessage | undefined): Promise<void> {
  if (!message || !isLastReceive(record)) return;
  if (!('batch' in message)) return await noteGivenUp(record, message, lastTryOfDelivery);
  const { batch } = message;
  try {
    await jobs.forebode(batch.org, batch.job, batch.createdAt, lastTry(batch));
  } catch (error) {
    logger.warn('last try not noted', { job: batch.job, batch: batch.number, error });
  }
}

/** A delivery whose conversation will not be made says so. Its message is settled all the same when that cannot be noted. */
async function noteGivenUp(
  record: SQSRecord,
  message: DraftMessage | undefined,
  settlement: Settlement,
): Promise<void> {
  if (!message || 'batch' in message) return;
  const given = givenUp(message.conversation, settlement, isLastReceive(record));
  if (!given) return;
  try {
    await verdicts.change(given.key, given.result);
  } catch (error) {
    logger.warn('failed delivery not noted', { ...given.key, error });
  }
}

function isLastReceive({ attributes }: SQSRecord): boolean {
  return Number(attributes.ApproximateReceiveCount) >= config.MAX_RECEIVES;
}

async function settlementOf(
  message: DraftMessage | undefined,
  conversations: Conversation[],
  outcomes: OutcomeOfMany[],
): Promise<Settlement> {
  if (!message) return { kind: 'permanent', reason: 'not a draft message' };
  const passing = outcomes.flatMap((outcome) =>
    outcome.kind === 'failed' && !isPermanent(outcome.error) ? [outcome.error] : [],
  );
  const postponed = passing.filter((error) => error instanceof Postponed);
  if (passing.length > postponed.length) {
    return { kind: 'retryable', error: passing.find((error) => !(error instanceof Postponed)) };
  }
  if (postponed[0]) {
    const until = Math.max(...postponed.map((error) => error.until));
    return { kind: 'postponed', until, error: postponed[0] };
  }
  return 'batch' in message
    ? await batchSettlement(message.batch, conversations, outcomes)
    : draftSettlement(conversations[0]!, outcomes[0]!);
}

/** Items that can never succeed fail on their own: the batch is done, and its outcome tells. */
async function batchSettlement(
  batch: BatchWork,
  conversations: Conversation[],
  outcomes: OutcomeOfMany[],
): Promise<Settlement> {
  try {
    await jobs.settle(batch.org, batch.job, batch.createdAt, batchOutcome(batch, conversations, outcomes));
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'retryable', error };
  }
}

function draftSettlement({ origin }: Conversation, outcome: OutcomeOfMany): Settlement {
  switch (outcome.kind) {
    case 'created':
    case 'repeated':
      return { kind: 'done' };
    case 'conflict':
      return isSameSource(origin, outcome.origin)
        ? { kind: 'done' }
        : { kind: 'permanent', reason: `the ${outcome.field} is held by conversation ${outcome.id}` };
    case 'failed':
      return { kind: 'permanent', reason: String(outcome.error) };
  }
}

/** DynamoDB refuses the item itself, e.g. for its size, or Kustomer does: the same item will never do. All else may pass. */
function isPermanent(error: unknown): boolean {
  return error instanceof Problem || (error instanceof Error && error.name === 'ValidationException');
}
