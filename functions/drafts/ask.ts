import { conversationsOf } from '../bulk/batch-work.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { AskMessage, DraftMessage } from '../queue/draft-message.ts';

/** A message that asks for conversations, and these, in their order. */
export interface Ask {
  message: AskMessage;
  conversations: readonly Conversation[];
}

/** What a message of the drafts queue asks for: mostly one thing; all that was handed over together; nothing when it is no draft message. */
export function asksOf(message: DraftMessage | undefined): Ask[] {
  if (!message) return [];
  if ('handedOver' in message) return message.handedOver.messages.flatMap(asksOf);
  return [
    {
      message,
      conversations: 'batch' in message ? conversationsOf(message.batch) : [message.conversation],
    },
  ];
}
