import {
  conversationFrom,
  type Author,
  type Conversation,
} from '../../functions/conversations/conversation.ts';
import type { Draft } from '../../functions/conversations/draft.ts';

/** An object id that is made from a number: for tests that need many. */
export function objectId(number: number): string {
  return number.toString(16).padStart(24, '0');
}

/** The organisation of the published examples, and whoever writes for it. */
export const author: Author = { org: '57f29863a1dbf61100e6aa92', user: '58190b991f2932100010d683' };
/** Somebody else altogether. */
export const stranger: Author = { org: '5a96dac36dd73800112fab2e', user: '5a96dac46dd73800112fab30' };
/** The customer of the published examples. */
export const customer = '58210c3db0f09110006b7953';

/** The conversation that the API request `requestId` asks for: at a fixed time, in the name of `author`. */
export function asked(requestId: string, draft: Partial<Draft> = {}, by: Author = author): Conversation {
  const time = new Date('2016-11-09T02:46:29.789Z');
  return conversationFrom({ customer, ...draft }, by, { kind: 'api', requestId }, time);
}
