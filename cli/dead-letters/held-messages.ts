import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { groupWithin } from '../../functions/queue/group-within.ts';

/** SQS gives, and takes in one request, so many messages. */
const most = 10;
/** Requests in flight at once, where nothing is to be spared. */
const concurrency = 8;
/**
 * Of the 120,000 messages that a queue lets be hidden at once, so many may be ours:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const mostHeld = 100_000;
/** Seconds for which messages are hidden; also how long they stay so when this process is killed. */
const hiddenFor = 60;

/**
 * Messages of a queue that this process has received: SQS has no other way to look at them. Nobody else sees them while they are
 * held, which is renewed until they are deleted or released.
 */
export class HeldMessages {
  readonly #client: SQSClient;
  readonly #url: string;
  /** Receipt handles, by message id. */
  readonly #handles = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<void> = Promise.resolve();

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
    this.#timer = setInterval(() => void this.renew(), (hiddenFor / 2) * 1000).unref();
  }

  /** Hides what is held for another minute: done twice in each by itself. */
  async renew(): Promise<void> {
    this.#renewing = this.#hide(hiddenFor);
    await this.#renewing;
  }

  /** Were so many messages held that no more can be looked at? */
  get isFull(): boolean {
    return this.#handles.size >= mostHeld;
  }

  /**
   * All messages that are visible, each once and held from then on, some at a time. Ends when none comes within a second, when the
   * signal is aborted, or when no more may be held. `slowly` takes ten at a time: for whoever does something with each.
   */
  async *receive(signal: AbortSignal, { slowly = false } = {}): AsyncGenerator<Message[], void> {
    let requests = 1;
    while (!signal.aborted && !this.isFull) {
      // A receive is never cut off: what it was about to bring would be hidden from everybody.
      const answers = await Promise.allSettled(Array.from({ length: requests }, () => this.#receive()));
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (failed) throw failed.reason;
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      const received = found.reduce((sum, each) => sum + each.received, 0);
      if (received === 0) return;
      const fresh = found.flatMap((each) => each.fresh);
      if (fresh.length > 0) yield fresh;
      requests = !slowly && received === requests * most ? concurrency : 1;
    }
  }

  /** Deletes messages from the queue. Returns those that are still there. */
  async delete(messages: readonly Message[]): Promise<Message[]> {
    const kept: Message[] = [];
    for (const group of groupWithin(messages, () => 0, { count: most, bytes: 0 })) {
      const Entries = group.map(({ MessageId = '' }, index) => ({
        Id: String(index),
        ReceiptHandle: this.#handles.get(MessageId),
      }));
      const { Failed = [] } = await this.#client.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }),
      );
      const failed = new Set(Failed.map(({ Id }) => Number(Id)));
      for (const [index, message] of group.entries()) {
        if (failed.has(index)) kept.push(message);
        else this.#handles.delete(message.MessageId ?? '');
      }
    }
    return kept;
  }

  /** Lets everybody see again what is held. What cannot be released is seen again within a minute. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    await this.#hide(0);
    this.#handles.clear();
  }

  async #receive(): Promise<{ received: number; fresh: Message[] }> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: hiddenFor,
        // With a wait SQS asks all of its servers: without one, an empty answer says nothing.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    const fresh = Messages.filter(({ MessageId = '' }) => !this.#handles.has(MessageId));
    for (const { MessageId = '', ReceiptHandle = '' } of Messages)
      this.#handles.set(MessageId, ReceiptHandle);
    return { received: Messages.length, fresh };
  }

  /** One that is gone, or was hidden for the twelve hours that SQS allows, is let be. */
  async #hide(seconds: number): Promise<void> {
    const groups = groupWithin([...this.#handles.values()], () => 0, { count: most, bytes: 0 });
    const hide = async (handles: readonly string[]): Promise<void> => {
      const Entries = handles.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: seconds,
      }));
      await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }));
    };
    // The first failure ends it: a server that is away is not asked for each of them.
    await pMap(groups, hide, { concurrency }).catch(() => undefined);
  }
}
