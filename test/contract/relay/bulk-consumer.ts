import { expect } from '@jest/globals';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import type { AskMessage, HandedOver } from '../../../functions/queue/draft-message.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { openConsumer, type Consumer } from './consumer.ts';

/** What was put on the queue to be asked about later. */
interface FollowUp {
  version: 1;
  handedOver: HandedOver;
}

/** A consumer with a key, and what tests with many messages ask of it. */
export interface BulkConsumer extends Consumer {
  key: string;
  /** Forgets what was seen, and empties the queues. */
  clear(): Promise<void>;
  put(...messages: object[]): void;
  /** Method and path of what the vendor was asked, in order. */
  requestsSeen(): string[];
  followUps(): FollowUp[];
  /** Takes them off the queue; resolves to what they were. */
  takeFollowUps(): Promise<FollowUp[]>;
  /** Lets the function have the follow-ups at once, as often as it takes until it needs to ask no more. */
  followUp(): Promise<void>;
  areThere(conversations: readonly Conversation[]): Promise<boolean>;
  letters(): Promise<{ message: AskMessage; reason: string | undefined }[]>;
}

/** Starts it. The function keeps its key: all tests of a file are in one organisation. */
export async function openBulkConsumer(): Promise<BulkConsumer> {
  const consumer = await openConsumer();
  const key = await consumer.vendor.newOrganisation();
  await consumer.useKey(key);
  const { sqs, queue, deadLetters, proxy } = consumer;
  const put = (...messages: object[]) => {
    for (const message of messages) sqs.put(queue, JSON.stringify(message));
  };
  const followUps = () => sqs.delayed(queue).map((body) => JSON.parse(body) as FollowUp);
  const takeFollowUps = async () => {
    const due = followUps();
    await sqs.purge(queue);
    return due;
  };
  return {
    ...consumer,
    key,
    clear: async () => {
      proxy.reset();
      await sqs.purge(queue);
      await sqs.purge(deadLetters);
    },
    put,
    requestsSeen: () => proxy.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`),
    followUps,
    takeFollowUps,
    followUp: async () => {
      for (let looks = 0; followUps().length > 0; looks++) {
        expect(looks).toBeLessThan(500);
        put(...(await takeFollowUps()));
        expect(await consumer.run()).toEqual([]);
      }
    },
    areThere: async (conversations) => {
      const found = await Promise.all(conversations.map(({ id }) => consumer.find(id)));
      return conversations.every(({ id }, index) => found[index]?.id === id);
    },
    letters: async () =>
      (await sqs.receive(deadLetters)).map(({ body, messageAttributes }) => ({
        message: JSON.parse(body) as AskMessage,
        reason: messageAttributes['reason']?.stringValue,
      })),
  };
}

/** The message that asks for a conversation. */
export function messageOf(conversation: Conversation): AskMessage {
  return { version: 1, conversation };
}

/** The conversations of so many deliveries. */
export function events(count: number, name = 'event'): Conversation[] {
  return Array.from({ length: count }, (_, n) => delivered(`${name}-${n}`));
}
