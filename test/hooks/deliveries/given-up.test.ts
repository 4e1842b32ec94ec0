import { describe, expect, it } from '@jest/globals';
import { conversationFrom } from '../../../functions/conversations/conversation.ts';
import { deliveryOf, originText } from '../../../functions/conversations/identity.ts';
import { givenUp, lastTry } from '../../../functions/hooks/given-up.ts';
import { asked, author, customer } from '../../conversations/asked.ts';

const conversation = conversationFrom({ customer }, author, {
  kind: 'hook',
  source: 'tickets',
  event: 'a#b',
});
const permanent = { kind: 'permanent', reason: 'the id is held' } as const;
const retryable = { kind: 'retryable', error: new Error('throttled') } as const;

describe('a delivery is given up', () => {
  it('when its message can never succeed, or did not at its last receive', () => {
    const key = { org: author.org, source: 'tickets', event: 'a#b' };
    const failed = (error: string) => ({
      key,
      result: { verdict: 'failed', conversation: conversation.id, error },
    });
    expect(givenUp(conversation, permanent, false)).toEqual(failed('the id is held'));
    expect(givenUp(conversation, retryable, true)).toEqual(failed('Error: throttled'));
    expect(givenUp(conversation, lastTry, true)).toEqual(failed('The queue gave it up after its last try'));
  });

  it('not when it is done, or comes back', () => {
    expect(givenUp(conversation, { kind: 'done' }, true)).toBeUndefined();
    expect(givenUp(conversation, retryable, false)).toBeUndefined();
  });

  it('not when no delivery has a record of it', () => {
    expect(givenUp(asked('1'), permanent, true)).toBeUndefined();
    const again = { kind: 'hook', source: 'tickets', event: 'a#again#x' } as const;
    expect(givenUp(conversationFrom({ customer }, author, again), permanent, true)).toBeUndefined();
  });
});

describe('the delivery that asked for a conversation', () => {
  it.each(['e', 'a#b', 'a/b', 'é\n🦀', 'again#'])('is read from its origin: %j', (event) => {
    expect(deliveryOf(originText({ kind: 'hook', source: 'tickets', event }))).toEqual({
      source: 'tickets',
      event,
    });
  });

  it.each([
    'api#1',
    'bulk#57f29863a1dbf61100e6aa92#0',
    'hook#tickets',
    'hook#tickets#a#again#b',
    '',
    'xhook#a#b',
  ])('is none of %j', (origin) => {
    expect(deliveryOf(origin)).toBeUndefined();
  });
});
