import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import type { OutcomeOfMany } from '../conversations/conversation-store.ts';
import { destination } from '../conversations/destination.ts';
import { sharesOf, workOf, type Work } from '../drafts/ask.ts';
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
import { readMessage } from '../queue/draft-message.ts';
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
  const works = Records.map(({ body }) => workOf(readMessage(body)));
  const known = works.map(({ message }) => knownOf(message));
  const log = new MessageLog(Records, known, invocation);
  return await log.during(() => write(Records, works, invocation, log));
}

async function write(
  Records: SQSRecord[],
  works: Work[],
  invocation: Context,
  log: MessageLog,
): Promise<SQSBatchResponse> {
  const lastOnes = works.filter((_, index) => isLastReceive(Records[index]!));
  await Promise.all(lastOnes.flatMap(({ asks }) => asks).map((ask) => notes.beforeLastTry(ask)));
  const store = await storeFor(invocation);
  const outcomes = await outcomesOf(works, { store, queue, patience });
  const settlements = await Promise.all(
    works.map((work, index) => settlementOf(work, outcomes[index], isLastReceive(Records[index]!))),
  );
  metrics.add('VendorBudgetLeft', store.budgetLeft);
  log.settled(
    settlements,
    works.map((work, index) => partsOf(work, outcomes[index])),
  );
  return await settle(Records, settlements, queues);
}

function isLastReceive({ attributes }: SQSRecord): boolean {
  return Number(attributes.ApproximateReceiveCount) >= config.MAX_RECEIVES;
}

async function settlementOf(
  { message, asks }: Work,
  outcomes: readonly OutcomeOfMany[] | undefined,
  isLast: boolean,
): Promise<Settlement> {
  if (!message) return { kind: 'permanent', reason: 'not a draft message' };
  if (!outcomes) return { kind: 'done' };
  const shares = sharesOf(asks, outcomes);
  const settlements = await Promise.all(
    asks.map(async (ask, index) => {
      const settlement = await settlementOfAsk(ask, shares[index]!, jobs);
      await notes.afterwards(ask, settlement, isLast);
      return settlement;
    }),
  );
  return 'handedOver' in message ? settlementTogether(asks, settlements) : settlements[0]!;
}
