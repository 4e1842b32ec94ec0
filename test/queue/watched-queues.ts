import type { SendMessageBatchCommandInput, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Queues } from '../../functions/queue/settle.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';

/** A queue and its dead letters, and what SQS is asked for on their behalf. */
export class WatchedQueues {
  readonly sqs: SqsServer;
  /** Empty ones since the last `renew`. */
  queues: Queues;
  /** The names of the commands sent since the last `received`. */
  requests: string[] = [];
  /** What was sent in batches since the last `renew`. */
  entries: SendMessageBatchRequestEntry[] = [];

  constructor(sqs: SqsServer) {
    this.sqs = sqs;
    this.queues = this.#newQueues();
    sqs.client.middlewareStack.add(
      (next, context) => (args) => {
        this.requests.push(String(context['commandName']));
        if (context['commandName'] === 'SendMessageBatchCommand') {
          this.entries.push(...((args.input as SendMessageBatchCommandInput).Entries ?? []));
        }
        return next(args);
      },
      { step: 'initialize' },
    );
  }

  /** Begins anew, as before each test. */
  renew(): void {
    this.requests = [];
    this.entries = [];
    this.queues = this.#newQueues();
  }

  /** Puts the bodies on the queue and receives them, as Lambda would hand them over. */
  async received(...bodies: string[]): Promise<SQSRecord[]> {
    for (const body of bodies) this.sqs.put(this.queues.url, body);
    const records = await this.sqs.receive(this.queues.url);
    expect(bodiesOf(records)).toEqual(bodies);
    this.requests = [];
    return records;
  }

  /** Stops SQS. */
  async close(): Promise<void> {
    await this.sqs.close();
  }

  #newQueues(): Queues {
    const { sqs } = this;
    return { client: sqs.client, url: sqs.queue(), deadLettersUrl: sqs.queue(), maxReceives: 5 };
  }
}

/** Starts SQS, for one test file. */
export async function startWatchedQueues(): Promise<WatchedQueues> {
  return new WatchedQueues(await startSqs());
}

/** What the records hold. */
export const bodiesOf = (records: readonly SQSRecord[]): string[] => records.map(({ body }) => body);

/** The answer that tells Lambda to keep these records. */
export const failuresOf = (...records: SQSRecord[]): SQSBatchResponse => ({
  batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});
