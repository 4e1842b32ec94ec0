import {
  ChangeMessageVisibilityBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { groupWithin } from './group-within.ts';

/**
 * How a message ended: `done` leaves the queue, and `letters` of what it held go to the dead letters; `permanent` can never succeed,
 * `retryable` may succeed later. `postponed` was not tried for want of time or leave: it comes back at `until`, in ms since 1970, and
 * however often that happens it does not end in the dead letters; `anew` does not count it as received.
 */
export type Settlement =
  | { kind: 'done'; letters?: readonly { body: string; reason: string }[] }
  | { kind: 'permanent'; reason: string }
  | { kind: 'retryable'; error: unknown }
  | { kind: 'postponed'; until: number; error: unknown; anew?: boolean };

/** SQS takes so many entries, and bytes in all, in one batch request. */
const request = { count: 10, bytes: 1_000_000 };
/** Most characters of a reason, each of at most 3 bytes: they count as the message's. */
const maxReason = 1000;
/** Seconds until the second receive at most; each later one waits four times as long: 10, 40, 160, 640. */
const firstPause = 10;
/** Seconds over which those come back that wait for the same moment. */
const spread = 5;
/** Seconds that SQS delays a message at most, when it is sent. */
const longestDelay = 900;

/** The queues that messages are settled on. */
export interface Queues {
  client: SQSClient;
  /** The queue that the messages came from. */
  url: string;
  deadLettersUrl: string;
  /** After so many receives SQS moves a message to the dead letters. */
  maxReceives: number;
}

/**
 * Settles a batch of received messages, `settlements` in their order: what can never succeed goes to the dead letters
 * at once, with its reason as a message attribute; what may succeed later is left on the queue and comes back after a
 * pause with full jitter, or when it is postponed to; before its last receive what is postponed is sent anew. The rest is done. Returns what Lambda needs in order to keep only the former on the queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export async function settle(
  records: readonly SQSRecord[],
  settlements: readonly Settlement[],
  queues: Queues,
  random: () => number = Math.random,
  now: () => number = Date.now,
): Promise<SQSBatchResponse> {
  const letters: Sending[] = [];
  const renewed: Sending[] = [];
  const kept: Kept[] = [];
  for (const [index, record] of records.entries()) {
    const settlement = settlements[index];
    const receives = Number(record.attributes.ApproximateReceiveCount);
    if (settlement?.kind === 'permanent') {
      letters.push(letterOf(record, record.body, settlement.reason));
    } else if (settlement?.kind === 'postponed') {
      const seconds = Math.max(0, Math.ceil((settlement.until - now()) / 1000 + random() * spread));
      if (receives < queues.maxReceives && !settlement.anew) kept.push({ record, seconds });
      else
        renewed.push({ record, body: record.body, more: { DelaySeconds: Math.min(seconds, longestDelay) } });
    } else if (settlement?.kind === 'done') {
      for (const { body, reason } of settlement.letters ?? []) letters.push(letterOf(record, body, reason));
    } else {
      kept.push({ record, seconds: pauseAfter(receives, random) });
    }
  }
  const notSent = [
    ...(await sendAll(letters, queues.deadLettersUrl, queues.client)),
    ...(await sendAll(renewed, queues.url, queues.client)),
  ];
  await pause(kept, queues);
  const failed = new Set([...kept.map(({ record }) => record), ...notSent].map(({ messageId }) => messageId));
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** What is sent before a message may leave the queue as it was received: mostly its own body, and what goes with that. */
interface Sending {
  record: SQSRecord;
  body: string;
  more: Pick<SendMessageBatchRequestEntry, 'MessageAttributes' | 'DelaySeconds'>;
}

/** A message that comes back after so many seconds. */
interface Kept {
  record: SQSRecord;
  seconds: number;
}

/** Sends messages to a queue. Those that could not be sent are returned: they stay where they are. */
async function sendAll(
  messages: readonly Sending[],
  QueueUrl: string,
  client: SQSClient,
): Promise<SQSRecord[]> {
  const notSent: SQSRecord[] = [];
  for (const chunk of groupWithin(messages, ({ body }) => Buffer.byteLength(body) + 3 * maxReason, request)) {
    const { Failed = [] } = await client
      .send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: chunk.map(({ record, body, more }, index) => ({
            Id: String(index),
            MessageBody: body,
            ...sameTrace(record),
            ...more,
          })),
        }),
      )
      .catch(() => ({ Failed: chunk.map((_, index) => ({ Id: String(index) })) }));
    notSent.push(...Failed.map(({ Id }) => chunk[Number(Id)]!.record));
  }
  return notSent;
}

/** What is sent once more stays in the trace that it came with: the attribute goes before this invocation's own. */
function sameTrace({ attributes }: SQSRecord): Pick<SendMessageBatchRequestEntry, 'MessageSystemAttributes'> {
  const StringValue = attributes.AWSTraceHeader;
  if (StringValue === undefined) return {};
  return { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } } };
}

function letterOf(record: SQSRecord, body: string, reason: string): Sending {
  const MessageAttributes = { reason: { DataType: 'String', StringValue: sendable(reason) } };
  return { record, body, more: { MessageAttributes } };
}

/** A reason in characters that SQS takes, and not too long. */
function sendable(reason: string): string {
  return reason.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd').slice(0, maxReason);
}

/** Brings messages back sooner than the queue's visibility timeout would; a failure here only makes them late. */
async function pause(kept: readonly Kept[], queues: Queues): Promise<void> {
  for (const chunk of groupWithin(kept, () => 0, request)) {
    await queues.client
      .send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queues.url,
          Entries: chunk.map(({ record, seconds }, index) => ({
            Id: String(index),
            ReceiptHandle: record.receiptHandle,
            VisibilityTimeout: seconds,
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
