import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Conversation } from '../conversations/conversation.ts';
import { writeMessage } from './draft-message.ts';

/** The queue that write-drafts empties. */
export class DraftsQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Resolves when SQS has the conversation safely; throws when it may not have it. */
  async send(conversation: Conversation): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({ QueueUrl: this.#url, MessageBody: writeMessage(conversation) }),
    );
  }
}
