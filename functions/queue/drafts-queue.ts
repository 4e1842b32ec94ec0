import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { writeMessage, type DraftMessage } from './draft-message.ts';
import { groupWithin } from './group-within.ts';

/** SQS takes so many messages, and bytes in all, in one request (quotas related to messages). */
const request = { count: 10, bytes: 1_000_000 };
/** Requests in flight at once. */
const concurrency = 8;

/** The queue that write-drafts empties. */
export class DraftsQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Resolves when SQS has the message safely; throws when it may not have it. It is not received for so many seconds, at most 900. */
  async send(message: DraftMessage, DelaySeconds?: number): Promise<void> {
    const MessageBody = writeMessage(message);
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody, DelaySeconds }));
  }

  /** Resolves when SQS has all messages safely; throws when one may be missing: then some may be there. */
  async sendAll(messages: readonly DraftMessage[]): Promise<void> {
    const groups = groupWithin(messages.map(writeMessage), Buffer.byteLength, request);
    await pMap(groups, (bodies) => this.#sendBatch(bodies), { concurrency });
  }

  async #sendBatch(bodies: readonly string[]): Promise<void> {
    const { Failed = [] } = await this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
    if (Failed.length > 0) {
      throw new Error(`SQS refused ${Failed.length} of ${bodies.length} messages: ${Failed[0]?.Code}`);
    }
  }
}
