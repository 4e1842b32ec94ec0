import { DeleteMessageBatchCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';
import { newTraceId } from '../http/http-event.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import { BatchGatherer } from './batch-gatherer.ts';
import { failedMessages } from './failed-messages.ts';
import { sqsEvent } from './sqs-event.ts';

/** An AWS::Lambda::EventSourceMapping of a queue. */
export interface MappingSettings {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** Most batches at once. */
  readonly concurrency: number;
  readonly reportsItems: boolean;
  readonly pool: FunctionPool;
}

const MOST_PER_DELETE = 10;
const AFTER_AN_ERROR_MS = 200;
const STOP_PATIENCE_MS = 2500;

/**
 * Polls a queue and invokes its function until stopped. Only what the function dealt with is deleted; the rest comes
 * back when its visibility timeout is over, and SQS moves it to the dead letters after the queue's maxReceiveCount.
 */
export class EventSourceMapping {
  readonly #settings: MappingSettings;
  readonly #client: SQSClient;
  readonly #print: (line: string) => void;
  readonly #gatherer: BatchGatherer;
  readonly #underWay = new Set<Promise<void>>();
  #stopping = false;

  /** @param print shows a line when messages fail or the queue cannot be reached */
  constructor(settings: MappingSettings, client: SQSClient, print: (line: string) => void) {
    this.#settings = settings;
    this.#client = client;
    this.#print = print;
    this.#gatherer = new BatchGatherer(client, settings);
    void this.#poll();
  }

  /**
   * Ends polling and waits for batches under way, but not long. What was received and not deleted, by a long poll that
   * is cut off too, is delivered again after the next start.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([Promise.all(this.#underWay), delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (this.#underWay.size >= this.#settings.concurrency) await Promise.race(this.#underWay);
        const batch = await this.#gatherer.next(() => this.#stopping);
        if (batch.length === 0 || this.#stopping) continue;
        const handled = this.#handle(batch).finally(() => this.#underWay.delete(handled));
        this.#underWay.add(handled);
      } catch (error) {
        if (this.#stopping) return;
        this.#report(`polling failed: ${String(error)}`);
        await delay(AFTER_AN_ERROR_MS);
      }
    }
  }

  async #handle(batch: readonly Message[]): Promise<void> {
    const { pool, queueArn, reportsItems } = this.#settings;
    // A trace of its own, which X-Ray links to those of the messages:
    // https://docs.aws.amazon.com/xray/latest/devguide/xray-tracelinking.html
    const outcome = await pool.invoke(JSON.stringify(sqsEvent(batch, queueArn)), newTraceId(new Date()));
    const failed = failedMessages(
      outcome,
      batch.map(({ MessageId }) => MessageId ?? ''),
      reportsItems,
    );
    const done = batch.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
    if (failed.size > 0 && !this.#stopping) this.#report(`${failed.size} of ${batch.length} messages failed`);
    try {
      for (let start = 0; start < done.length; start += MOST_PER_DELETE) {
        await this.#delete(done.slice(start, start + MOST_PER_DELETE));
      }
    } catch (error) {
      // They will be delivered once more, which a consumer of SQS must bear anyway.
      this.#report(`deleting ${done.length} messages failed: ${String(error)}`);
    }
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }));
    await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#settings.queueUrl, Entries }));
  }

  #report(line: string): void {
    this.#print(`${this.#settings.pool.settings.shownName}: ${line}`);
  }
}
