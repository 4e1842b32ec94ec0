import { describe, expect, it } from '@jest/globals';
import { conversationFrom } from '../../functions/conversations/conversation.ts';
import { workOf } from '../../functions/drafts/ask.ts';
import { knownOf, partsOf } from '../../functions/drafts/parts-of.ts';
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

describe('the parts of a message', () => {
  const conversation = hook('a');
  const held = { kind: 'conflict', field: 'externalId', id: objectId(1) } as const;
  const createdAt = '2026-01-01T00:00:00.000Z';
  const batch = {
    job: objectId(9),
    ...author,
    createdAt,
    number: 1,
    first: 0,
    drafts: [{ customer }, { customer }],
  };

  it.each([
    ['was created', { kind: 'created', conversation }, { created: 1 }],
    ['was there', { kind: 'repeated', conversation }, { repeated: 1 }],
    ['its source has made already', { ...held, origin: 'hook#tickets#other' }, { repeated: 1 }],
    ['is held by another', { ...held, origin: 'hook#orders#other' }, { conflict: 1 }],
    ['failed', { kind: 'failed', error: new Error('no') }, { failed: 1 }],
  ] as const)('tell of a conversation that it %s', (_, outcome, tally) => {
    const message = { version: 1, conversation } as const;
    expect(partsOf(workOf(message), [outcome])).toEqual([{ ...knownOf(message), tally }]);
  });

  it('tell of a batch how many became what, and of what is handed over that nothing is known yet', () => {
    const message = { version: 1, batch } as const;
    const failed = { kind: 'failed', error: new Error('no') } as const;
    expect(partsOf(workOf(message), [{ kind: 'created', conversation }, failed])).toEqual([
      { ...knownOf(message), tally: { created: 1, failed: 1 } },
    ]);
    expect(partsOf(workOf(message), undefined)).toEqual([{ ...knownOf(message), tally: { handedOver: 2 } }]);
  });

  it('are each of those that were handed over together, with its own outcomes', () => {
    const messages = [
      { version: 1, batch },
      { version: 1, conversation },
    ] as const;
    const bulks = [{ id: 'bulk-1', count: 3 }];
    const message = { version: 1, handedOver: { at: createdAt, bulks, messages } } as const;
    const created = { kind: 'created', conversation } as const;
    expect(knownOf(message)).toEqual({ bulks: ['bulk-1'], items: 3 });
    expect(partsOf(workOf(message), [created, created, { kind: 'repeated', conversation }])).toEqual([
      { ...knownOf(messages[0]), tally: { created: 2 } },
      { ...knownOf(messages[1]), tally: { repeated: 1 } },
    ]);
  });

  it('are none of a message that cannot be read', () => {
    expect(partsOf(workOf(undefined), [])).toEqual([]);
  });
});
