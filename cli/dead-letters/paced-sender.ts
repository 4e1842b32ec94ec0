import {
  SendMessageBatchCommand,
  type Message,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';
import { groupWithin } from '../../functions/queue/group-within.ts';
import { reasonAttribute } from './dead-letter.ts';
import { queueNumber, type Queues } from './open-queues.ts';

/** How fast messages may be sent, so that they do not push live traffic aside. */
export interface Pace {
  /** Messages a second. */
  rate: number;
  /** While more messages than this wait in the drafts queue, none is sent. */
  backlog: number;
}

/** SQS takes so many messages, and bytes in all, in one request. */
const request = { count: 10, bytes: 1_000_000 };
/** Milliseconds between two looks at a backlog. */
const betweenLooks = 1000;

/** Sends messages to the drafts queue, at a pace. */
export class PacedSender {
  readonly #queues: Queues;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #onPause: (waiting: number) => void;
  /** Codes with which SQS refused messages, one each: they were not sent. */
  readonly refused: string[] = [];
  /** When the next message may be sent, by the clock of performance.now(). */
  #next = 0;

  /** `onPause` is told at each look how many messages wait in the drafts queue, while they are too many. */
  constructor(queues: Queues, pace: Pace, signal: AbortSignal, onPause: (waiting: number) => void) {
    this.#queues = queues;
    this.#pace = pace;
    this.#signal = signal;
    this.#onPause = onPause;
  }

  /** Sends messages as they are, but for the reason why they were dead; yields those that SQS has. Ends early when the signal is aborted. */
  async *send(messages: readonly Message[]): AsyncGenerator<Message[]> {
    const count = Math.min(request.count, Math.max(1, Math.floor(this.#pace.rate)));
    const bytesOf = ({ Body = '' }: Message) => Buffer.byteLength(Body);
    for (const group of groupWithin(messages, bytesOf, { ...request, count })) {
      if (!(await this.#mayGoOn(group.length))) return;
      const { Failed = [] } = await this.#queues.client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#queues.drafts, Entries: group.map(entryOf) }),
      );
      const failed = new Set(Failed.map(({ Id }) => Number(Id)));
      yield group.filter((_, index) => !failed.has(index));
      this.refused.push(...Failed.map(({ Code = 'no code' }) => Code));
    }
  }

  async #mayGoOn(count: number): Promise<boolean> {
    await this.#wait(this.#next - performance.now());
    while (!this.#signal.aborted) {
      const waiting = await queueNumber(this.#queues, this.#queues.drafts, 'ApproximateNumberOfMessages');
      if (waiting <= this.#pace.backlog) break;
      this.#onPause(waiting);
      await this.#wait(betweenLooks);
    }
    this.#next = performance.now() + (count / this.#pace.rate) * 1000;
    return !this.#signal.aborted;
  }

  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    // Being stopped ends it: the signal tells.
    await delay(milliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}

function entryOf(
  { Body, Attributes, MessageAttributes = {} }: Message,
  index: number,
): SendMessageBatchRequestEntry {
  const { [reasonAttribute]: _, ...rest } = MessageAttributes;
  const trace = Attributes?.AWSTraceHeader;
  return {
    Id: String(index),
    MessageBody: Body,
    ...(Object.keys(rest).length > 0 && { MessageAttributes: rest }),
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
  };
}
