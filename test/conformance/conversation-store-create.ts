import { expect } from '@jest/globals';
import type { ConversationStore, OutcomeOfMany } from '../../functions/conversations/conversation-store.ts';
import { conversationFrom, type Conversation } from '../../functions/conversations/conversation.ts';
import { asked, author, customer, objectId, stranger } from '../conversations/asked.ts';
import type { Rules } from './rule.ts';

/** How creates end, by the id alone. */
export function createRules(store: () => ConversationStore, { rule, readAs, originReadAs }: Rules): void {
  rule('creates a conversation, which is then found whole', async () => {
    const conversation = asked('first', { id: objectId(1), name: 'One', custom: { planStr: 'gold' } });
    expect(await store().create(conversation)).toEqual({
      kind: 'created',
      conversation: readAs(conversation),
    });
    expect(await store().find(conversation.org, conversation.id)).toEqual(readAs(conversation));
  });

  rule('answers a repeated ask with what the first one wrote', async () => {
    const conversation = asked('first', { id: objectId(1), name: 'One' });
    await store().create(conversation);
    const again = { ...conversation, name: 'Two', updatedAt: '2017-01-01T00:00:00.000Z' };
    expect(await store().create(again)).toEqual({ kind: 'repeated', conversation: readAs(conversation) });
    expect(await store().find(conversation.org, conversation.id)).toEqual(readAs(conversation));
  });

  rule('refuses another ask for an id that is taken, says who holds it, and writes nothing', async () => {
    const conversation = asked('first', { id: objectId(1), name: 'One' });
    await store().create(conversation);
    expect(await store().create(asked('second', { id: objectId(1), name: 'Two' }))).toEqual({
      kind: 'conflict',
      field: 'id',
      id: objectId(1),
      origin: originReadAs('api#first'),
    });
    expect(await store().find(conversation.org, conversation.id)).toEqual(readAs(conversation));
  });

  rule('makes one conversation of thirty equal asks at once', async () => {
    const conversation = asked('first', { id: objectId(1), name: 'One' });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => store().create(conversation)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, repeated: 29 });
    const { conversations } = await store().list(conversation.org, conversation.customer, all);
    expect(conversations).toEqual([readAs(conversation)]);
  });

  rule('lets one of thirty different asks for an id win, and the others see which', async () => {
    const asks = Array.from({ length: 30 }, (_, n) =>
      asked(`request-${n}`, { id: objectId(1), name: `${n}` }),
    );
    const outcomes = await Promise.all(asks.map((ask) => store().create(ask)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, conflict: 29 });
    const winner = await store().find(asks[0]!.org, objectId(1));
    expect(outcomes[asks.findIndex(({ name }) => name === winner?.name)]).toMatchObject({
      kind: 'created',
    });
    const { conversations } = await store().list(asks[0]!.org, asks[0]!.customer, all);
    expect(conversations).toEqual([winner]);
  });

  rule('finds nothing where nothing was written', async () => {
    await store().create(asked('first', { id: objectId(1) }));
    const { org } = asked('none');
    expect(await store().find(org, objectId(2))).toBeUndefined();
    expect(await store().find(org, '')).toBeUndefined();
    expect(await store().findByExternalId(org, 'order-1')).toBeUndefined();
  });

  rule('shows one organisation nothing of another', async () => {
    const ours = asked('first', { id: objectId(1), externalId: 'order-1' });
    await store().create(ours);
    expect(await store().find(stranger.org, objectId(1))).toBeUndefined();
    expect(await store().findByExternalId(stranger.org, 'order-1')).toBeUndefined();
    expect(await store().list(stranger.org, ours.customer, all)).toEqual({ conversations: [] });
  });

  rule('lets two organisations use the same id and externalId', async () => {
    const ours = asked('first', { id: objectId(1), externalId: 'order-1' });
    const theirs = asked('second', { id: objectId(1), externalId: 'order-1' }, stranger);
    expect(kindsOf([await store().create(ours), await store().create(theirs)])).toEqual({ created: 2 });
    expect(await store().findByExternalId(ours.org, 'order-1')).toEqual(readAs(ours));
    expect(await store().findByExternalId(theirs.org, 'order-1')).toEqual(readAs(theirs));
  });

  rule('tells the outcomes of many creates in their order, each on its own', async () => {
    await store().create(asked('earlier', { id: objectId(2) }));
    await store().create(asked('third', { id: objectId(3) }));
    const many = [
      asked('first', { id: objectId(1) }),
      asked('second', { id: objectId(2) }),
      asked('third', { id: objectId(3) }),
      ...Array.from({ length: 97 }, (_, n) => asked(`more-${n}`, { id: objectId(100 + n) })),
    ];
    const outcomes = await store().createMany(many);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'created',
      'conflict',
      'repeated',
      ...Array.from({ length: 97 }, () => 'created'),
    ]);
    const ids = outcomes.map((outcome) => ('conversation' in outcome ? outcome.conversation.id : undefined));
    expect(ids.slice(3)).toEqual(many.slice(3).map(({ id }) => id));
  });

  rule.each([
    ['an id of its own', asked('first', { id: objectId(1) })],
    ['an externalId', asked('first', { externalId: 'order-1' })],
    ['both', asked('first', { id: objectId(1), externalId: 'order-1' })],
    ['an id that follows from its delivery', delivered('event-1')],
  ])('makes one conversation of equal asks within one batch, with %s', async (_, conversation) => {
    const equal = [conversation, structuredClone(conversation), conversation];
    expect(kindsOf(await store().createMany(equal))).toEqual({ created: 1, repeated: 2 });
    expect(kindsOf(await store().createMany(equal))).toEqual({ repeated: 3 });
    const { conversations } = await store().list(conversation.org, conversation.customer, all);
    expect(conversations).toEqual([readAs(conversation)]);
  });

  rule('tells what became of many deliveries: made, made before, or in the way of another’s id', async () => {
    const many = Array.from({ length: 100 }, (_, index) => delivered(`event-${index}`));
    await store().create(many[3]!);
    await store().create(asked('other', { id: many[5]!.id }));
    const outcomes = await store().createMany(many);
    expect(kindsOf(outcomes)).toEqual({ created: 98, repeated: 1, conflict: 1 });
    expect(outcomes[3]).toEqual({ kind: 'repeated', conversation: readAs(many[3]!) });
    expect(outcomes[5]).toEqual({
      kind: 'conflict',
      field: 'id',
      id: many[5]!.id,
      origin: originReadAs('api#other'),
    });
    expect(outcomes[99]).toEqual({ kind: 'created', conversation: readAs(many[99]!) });
  });

  rule('does nothing for no conversations', async () => {
    expect(await store().createMany([])).toEqual([]);
  });
}

/** The conversation that a delivery of the event asks for, which asks for no id and no externalId. */
export function delivered(event: string): Conversation {
  const time = new Date('2016-11-09T02:46:29.789Z');
  return conversationFrom({ customer }, author, { kind: 'hook', source: 'source-1', event }, time);
}

/** How many outcomes there are of each kind. */
export function kindsOf(outcomes: readonly OutcomeOfMany[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const all = { page: 1, pageSize: 100 };
