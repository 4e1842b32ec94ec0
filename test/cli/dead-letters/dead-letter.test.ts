import { describe, expect, it } from '@jest/globals';
import { countLetters, reasonOf } from '../../../cli/dead-letters/count-letters.ts';
import { deadLetter } from '../../../cli/dead-letters/dead-letter.ts';
import { writeMessage, type AskMessage } from '../../../functions/queue/draft-message.ts';
import { asked, objectId } from '../../conversations/asked.ts';
import { batchMessage, hookMessage } from './letters.ts';

const Attributes = { SentTimestamp: '1795643591858', ApproximateReceiveCount: '6' };

function read(message: AskMessage | string, reason?: string) {
  return deadLetter({
    MessageId: 'm-1',
    Body: typeof message === 'string' ? message : writeMessage(message),
    Attributes,
    ...(reason !== undefined && {
      MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
    }),
  });
}

describe('a dead letter', () => {
  it('of a delivery tells its source, its event and its conversation', () => {
    const message = hookMessage('events', 'msg#1');
    expect(read(message)).toEqual({
      id: 'm-1',
      sentAt: '2026-11-25T21:53:11.858Z',
      receives: 5,
      kind: 'conversation',
      sources: ['events'],
      event: 'msg#1',
      conversation: 'conversation' in message && message.conversation.id,
    });
  });

  it('of a delivery that was replayed for a further conversation tells the same event', () => {
    expect(read(hookMessage('events', 'msg_1#again#key#1'))).toMatchObject({ event: 'msg_1' });
  });

  it('of a create by API, and of a batch of a bulk job, says so', () => {
    expect(read({ version: 1, conversation: asked('request') })).toMatchObject({ sources: ['api'] });
    expect(read(batchMessage(objectId(7)))).toMatchObject({
      kind: 'batch',
      sources: ['bulk'],
      job: objectId(7),
      batch: 3,
      items: 2,
    });
  });

  it('of what was handed over to a relay’s destination has all sources of it', () => {
    const messages = [hookMessage('events', 'a'), batchMessage(), hookMessage('events', 'b')];
    const bulks = [{ id: 'vendor', count: 4 }];
    const handedOver = { at: '2026-11-25T19:00:00.000Z', bulks, messages };
    expect(read(JSON.stringify({ version: 1, handedOver }))).toMatchObject({
      kind: 'handed-over',
      sources: ['events', 'bulk'],
      items: 3,
    });
  });

  it.each([
    ['{"version":9,"wonder":[]}', 'other'],
    ['null', 'other'],
    ['{"version":1', 'text'],
    ['hello', 'text'],
  ])('that is not a message is read all the same: %s', (body, kind) => {
    expect(read(body)).toMatchObject({ id: 'm-1', kind, sources: [] });
  });

  it('without a reason was given up after the last receive', () => {
    expect(reasonOf(read(batchMessage()), 5)).toBe('given up after 5 receives');
    expect(reasonOf(read(batchMessage(), 'a\nb'), 5)).toBe('a b');
  });

  it('counts with those of the same cause, whichever conversation it is about', () => {
    const held = (id: number) => `the externalId is held by conversation ${objectId(id)}`;
    const letters = [
      read(hookMessage('events', 'a'), held(1)),
      read(batchMessage()),
      read(hookMessage('events', 'b'), held(2)),
      read(hookMessage('github-issues', 'b'), held(2)),
    ];
    expect(countLetters(letters, 5)).toEqual([
      { count: 2, source: 'events', reason: 'the externalId is held by conversation …' },
      { count: 1, source: 'bulk', reason: 'given up after 5 receives' },
      { count: 1, source: 'github-issues', reason: 'the externalId is held by conversation …' },
    ]);
  });
});
