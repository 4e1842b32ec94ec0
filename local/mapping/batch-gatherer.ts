import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';

/** How messages become batches. */
export interface BatchRules {
  readonly queueUrl: string;
  readonly batchSize: number;
  /** Milliseconds after its first message at which a batch is as full as it gets. */
  readonly windowMs: number;
}

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: a batch is full at its size, at the end of
// its window, or at the largest payload an invocation may have.
const LARGEST_BATCH_BYTES = 6 * 1024 * 1024;
// What a record has around its body.
const RECORD_BYTES = 2048;
const MOST_PER_RECEIVE = 10;
// The longest SQS allows; a message that comes ends it at once.
const LONG_POLL_S = 20;
const BETWEEN_POLLS_MS = 50;

/** Receives from one queue, a batch at a time. */
export class BatchGatherer {
  readonly #client: SQSClient;
  readonly #rules: BatchRules;
  // Received, but too much for the last batch: the start of the next.
  #heldBack: Message[] = [];

  constructor(client: SQSClient, rules: BatchRules) {
    this.#client = client;
    this.#rules = rules;
  }

  /**
   * @param stopping asked between receives; what was gathered is then returned at once
   * @returns the next batch; empty when nothing came within 20 seconds
   */
  async next(stopping: () => boolean): Promise<Message[]> {
    const { batchSize, windowMs } = this.#rules;
    const batch: Message[] = [];
    let bytes = 0;
    let until = Infinity;
    let found = this.#heldBack.splice(0);
    if (found.length === 0) found = await this.#receive(batchSize, LONG_POLL_S);
    for (;;) {
      if (found.length > 0 && until === Infinity) until = Date.now() + windowMs;
      for (const [place, message] of found.entries()) {
        bytes += Buffer.byteLength(message.Body ?? '') + RECORD_BYTES;
        if (batch.length > 0 && (bytes > LARGEST_BATCH_BYTES || batch.length === batchSize)) {
          this.#heldBack = found.slice(place);
          return batch;
        }
        batch.push(message);
      }
      if (batch.length === 0 || batch.length >= batchSize || stopping()) return batch;
      const wasFull = found.length === MOST_PER_RECEIVE;
      if (Date.now() >= until && !wasFull) return batch;
      if (!wasFull) await delay(Math.min(BETWEEN_POLLS_MS, Math.max(0, until - Date.now())));
      found = await this.#receive(batchSize - batch.length, 0);
      if (found.length === 0 && Date.now() >= until) return batch;
    }
  }

  async #receive(wanted: number, waitSeconds: number): Promise<Message[]> {
    const { Messages } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#rules.queueUrl,
        MaxNumberOfMessages: Math.min(wanted, MOST_PER_RECEIVE),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages ?? [];
  }
}
