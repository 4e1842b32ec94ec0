import { describe, expect, it } from '@jest/globals';
import { conversationFrom } from '../../functions/conversations/conversation.ts';
import { knownOf, tallyOf } from '../../functions/queue/known-of-message.ts';
import { asked, author, customer, objectId } from '../conversations/asked.ts';

const hook = (event: string) =>
  conversationFrom({ customer }, author, { kind: 'hook', source: 'tickets', event });

describe('what the log tells of a message', () => {
  it('is the delivery that asked for its conversation', () => {
    const conversation = hook('a#b');
    expect(knownOf({ version: 1, conversation })).toEqual({
      organisation: author.org,
      source: 'tickets',
      delivery: 'a#b',
      conversation: conversation.id,
    });
  });

  it('is the delivery without the mark of its replay', () => {
    expect(knownOf({ version: 1, conversation: hook('a#again#request-1') })).toMatchObject({ delivery: 'a' });
  });

  it('is the conversation alone where no delivery asked for it', () => {
    const conversation = asked('request', { id: objectId(1) });
    expect(knownOf({ version: 1, conversation })).toEqual({
      organisation: author.org,
      conversation: objectId(1),
    });
  });

  it('is the job, the batch and how much it asks for, and nothing of what was sent', () => {
    const createdAt = '2026-01-01T00:00:00.000Z';
    const drafts = [{ customer, name: 'Private' }];
    const batch = { job: objectId(9), ...author, createdAt, number: 2, first: 100, drafts };
    expect(knownOf({ version: 1, batch })).toEqual({
      organisation: author.org,
      job: objectId(9),
      askedAt: createdAt,
      batch: 2,
      items: 1,
    });
  });

  it('is nothing of a message that cannot be read', () => {
    expect(knownOf(undefined)).toEqual({});
  });
});

describe('a tally', () => {
  it('counts what became of conversations, and takes what the same source has made for a repetition', () => {
    const conversation = hook('a');
    const held = { kind: 'conflict', field: 'externalId', id: objectId(1) } as const;
    expect(
      tallyOf(
        [conversation, conversation, conversation, conversation, conversation],
        [
          { kind: 'created', conversation },
          { kind: 'repeated', conversation },
          { ...held, origin: 'hook#tickets#other' },
          { ...held, origin: 'hook#orders#other' },
          { kind: 'failed', error: new Error('no') },
        ],
      ),
    ).toEqual({ created: 1, repeated: 2, conflict: 1, failed: 1 });
  });
});
