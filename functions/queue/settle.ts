import {
  ChangeMessageVisibilityBatchCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { groupWithin } from './group-within.ts';

/** How a message ended: `done` leaves the queue, `permanent` can never succeed, `retryable` may succeed later. */
export type Settlement =
  { kind: 'done' } | { kind: 'permanent'; reason: string } | { kind: 'retryable'; error: unknown };

/** SQS takes so many entries, and bytes in all, in one batch request. */
const request = { count: 10, bytes: 1_000_000 };
/** Most characters of a reason, each of at most 3 bytes: they count as the message's. */
const maxReason = 1000;
/** Seconds until the second receive at most; each later one waits four times as long: 10, 40, 160, 640. */
const firstPause = 10;

/** The queues that messages are settled on. */
export interface Queues {
  client: SQSClient;
  /** The queue that the messages came from. */
  url: string;
  deadLettersUrl: string;
}

/**
 * Settles a batch of received messages, `settlements` in their order: what can never succeed goes to the dead letters
 * at once, with its reason as a message attribute; what may succeed later is left on the queue and comes back after a
 * pause with full jitter; the rest is done. Returns what Lambda needs in order to keep only the former on the queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export async function settle(
  records: readonly SQSRecord[],
  settlements: readonly Settlement[],
  queues: Queues,
  random: () => number = Math.random,
): Promise<SQSBatchResponse> {
  const permanent: { record: SQSRecord; reason: string }[] = [];
  const kept: SQSRecord[] = [];
  for (const [index, record] of records.entries()) {
    const settlement = settlements[index];
    if (settlement?.kind === 'permanent') permanent.push({ record, reason: settlement.reason });
    else if (settlement?.kind !== 'done') kept.push(record);
  }
  const notMoved = await bury(permanent, queues);
  await pause(kept, queues, random);
  return {
    batchItemFailures: [...kept, ...notMoved].map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/** Sends messages to the dead letters. Those that could not be sent are returned: they stay on the queue. */
async function bury(
  letters: readonly { record: SQSRecord; reason: string }[],
  queues: Queues,
): Promise<SQSRecord[]> {
  const notMoved: SQSRecord[] = [];
  for (const chunk of groupWithin(
    letters,
    ({ record }) => Buffer.byteLength(record.body) + 3 * maxReason,
    request,
  )) {
    const { Failed = [] } = await queues.client
      .send(
        new SendMessageBatchCommand({
          QueueUrl: queues.deadLettersUrl,
          Entries: chunk.map(({ record, reason }, index) => ({
            Id: String(index),
            MessageBody: record.body,
            MessageAttributes: { reason: { DataType: 'String', StringValue: sendable(reason) } },
          })),
        }),
      )
      .catch(() => ({ Failed: chunk.map((_, index) => ({ Id: String(index) })) }));
    notMoved.push(...Failed.map(({ Id }) => chunk[Number(Id)]!.record));
  }
  return notMoved;
}

/** A reason in characters that SQS takes, and not too long. */
function sendable(reason: string): string {
  return reason.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd').slice(0, maxReason);
}

/** Brings messages back sooner than the queue's visibility timeout would; a failure here only makes them late. */
async function pause(records: readonly SQSRecord[], queues: Queues, random: () => number): Promise<void> {
  for (const chunk of groupWithin(records, () => 0, request)) {
    await queues.client
      .send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queues.url,
          Entries: chunk.map(({ receiptHandle, attributes }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: pauseAfter(Number(attributes.ApproximateReceiveCount), random),
          })),
        }),
      )
      .catch(() => undefined);
  }
}

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function pauseAfter(receives: number, random: () => number): number {
  return Math.ceil(random() * firstPause * 4 ** (receives - 1));
}
