import * as z from 'zod/mini';
import type { Conversation } from '../conversations/conversation.ts';
import type { Draft } from '../conversations/draft.ts';

/**
 * A message of the drafts queue. Every identity in it is decided already, so it is safe to deliver it any number of times.
 * `version` grows when the form changes: what is in flight during a deployment must be read by the new code.
 */
export type DraftMessage = AskMessage | { version: 1; handedOver: HandedOver };

/** A message that asks for conversations. */
export type AskMessage = { version: 1; conversation: Conversation } | { version: 1; batch: BatchWork };

/** A batch of a bulk job: all that is needed to make its conversations. */
export interface BatchWork {
  job: string;
  org: string;
  user: string;
  /** When the job was asked for: UTC with milliseconds. */
  createdAt: string;
  /** From 1. */
  number: number;
  /** Place in the job, from 0, of the first draft. */
  first: number;
  drafts: readonly Draft[];
}

/** What was asked for by some messages, and is in the hands of a destination that tells later what became of it. */
export interface HandedOver {
  /** When: UTC with milliseconds. */
  at: string;
  /** What to ask the destination for it by, and how many of the conversations each is about, in their order. */
  bulks: readonly { id: string; count: number }[];
  messages: readonly AskMessage[];
}

const objectId = z.string().check(z.regex(/^[0-9a-f]{24}$/));
const wholeNumber = z.int().check(z.nonnegative());
/** Drafts were checked before they were sent; here only the frame is. */
const askSchema = z.union([
  z.object({
    version: z.literal(1),
    conversation: z.looseObject({
      id: objectId,
      org: objectId,
      customer: objectId,
      createdBy: objectId,
      origin: z.string(),
      createdAt: z.iso.datetime(),
      updatedAt: z.iso.datetime(),
    }),
  }),
  z.object({
    version: z.literal(1),
    batch: z.looseObject({
      job: objectId,
      org: objectId,
      user: objectId,
      createdAt: z.iso.datetime(),
      number: wholeNumber,
      first: wholeNumber,
      drafts: z.array(z.looseObject({ customer: objectId })),
    }),
  }),
]);
const schema = z.union([
  askSchema,
  z.object({
    version: z.literal(1),
    handedOver: z.looseObject({
      at: z.iso.datetime(),
      bulks: z.array(z.looseObject({ id: z.string(), count: wholeNumber })),
      messages: z.array(askSchema),
    }),
  }),
]);

/**
 * The text of a message, in the characters that SQS takes everywhere; the others are escaped, as JSON may
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */
export function writeMessage(message: DraftMessage): string {
  return JSON.stringify(message).replaceAll(
    /[\ud800-\udfff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
}

/** Reads a message; undefined when it is not one, which no repetition can mend. */
export function readMessage(body: string): DraftMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return schema.safeParse(value).success ? (value as DraftMessage) : undefined;
}
