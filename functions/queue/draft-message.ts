import * as z from 'zod/mini';
import type { Conversation } from '../conversations/conversation.ts';

/**
 * A message of the drafts queue: a conversation whose identity is decided already, so that it is safe to deliver the
 * message any number of times. `version` grows when the form changes: what is in flight during a deployment must be read
 * by the new code.
 */
export interface DraftMessage {
  version: 1;
  conversation: Conversation;
}

const objectId = z.string().check(z.regex(/^[0-9a-f]{24}$/));
const schema = z.object({
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
});

/** The text of a message. */
export function writeMessage(conversation: Conversation): string {
  return JSON.stringify({ version: 1, conversation } satisfies DraftMessage);
}

/** Reads a message; undefined when it is not one, which no repetition can mend. */
export function readMessage(body: string): DraftMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  // The conversation was checked as a draft before it was sent; here only its frame is.
  return schema.safeParse(value).success ? (value as DraftMessage) : undefined;
}
