import { conversationsOf } from '../bulk/batch-work.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { AskMessage, DraftMessage } from '../queue/draft-message.ts';

/** A message that asks for conversations, and these, in their order. */
export interface Ask {
  message: AskMessage;
  conversations: readonly Conversation[];
}

/** A message of the drafts queue, and all that it asks for: put together once, since ids are hashes. */
export interface Work {
  /** Undefined when what was received is no draft message. */
  message: DraftMessage | undefined;
  /** Mostly one; all that was handed over together; none of what is no draft message. */
  asks: readonly Ask[];
}

export function workOf(message: DraftMessage | undefined): Work {
  return { message, asks: message ? asksOf(message) : [] };
}

/** Each ask's share of what there is for their conversations, in the order of these. */
export function sharesOf<Item>(asks: readonly Ask[], items: readonly Item[]): (readonly Item[])[] {
  let at = 0;
  return asks.map(({ conversations }) => items.slice(at, (at += conversations.length)));
}

function asksOf(message: DraftMessage): Ask[] {
  if ('handedOver' in message) return message.handedOver.messages.map(askOf);
  return [askOf(message)];
}

function askOf(message: AskMessage): Ask {
  const conversations = 'batch' in message ? conversationsOf(message.batch) : [message.conversation];
  return { message, conversations };
}
