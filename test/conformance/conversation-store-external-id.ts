import { expect } from '@jest/globals';
import type { ConversationStore } from '../../functions/conversations/conversation-store.ts';
import { externalIdHolder } from '../../functions/conversations/identity.ts';
import { asked, author, objectId } from '../conversations/asked.ts';
import { kindsOf } from './conversation-store-create.ts';
import type { Rules } from './rule.ts';

const { org } = author;
const externalId = 'order-1';
/** The two ways to ask for the externalId: alone, and beside an id. */
const alone = asked('alone', { externalId });
const beside = asked('beside', { id: objectId(1), externalId });

/** An externalId belongs to at most one conversation, however it was asked for. */
export function externalIdRules(store: () => ConversationStore, { rule, readAs, originReadAs }: Rules): void {
  rule.each([
    ['alone', alone],
    ['beside an id', beside],
  ])('finds a conversation by an externalId that was given %s', async (_, conversation) => {
    expect(await store().create(conversation)).toEqual({
      kind: 'created',
      conversation: readAs(conversation),
    });
    expect(await store().findByExternalId(org, externalId)).toEqual(readAs(conversation));
    expect(await store().find(org, conversation.id)).toEqual(readAs(conversation));
    expect(await store().findByExternalId(org, 'order-2')).toBeUndefined();
  });

  rule.each([
    ['alone', alone],
    ['beside an id', beside],
  ])('repeats an ask with its externalId %s, also thirty at once', async (_, conversation) => {
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => store().create(conversation)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, repeated: 29 });
    expect(await store().create({ ...conversation, name: 'Later' })).toEqual({
      kind: 'repeated',
      conversation: readAs(conversation),
    });
  });

  rule.each([
    ['alone, then alone', alone, asked('second', { externalId })],
    ['alone, then beside an id', alone, beside],
    ['beside an id, then alone', beside, alone],
    ['beside an id, then beside another', beside, asked('second', { id: objectId(2), externalId })],
  ])('refuses a second ask for an externalId: %s', async (_, first, second) => {
    await store().create(first);
    const conflict = {
      kind: 'conflict',
      field: 'externalId',
      id: first.id,
      origin: originReadAs(first.origin),
    };
    expect(await store().create(second)).toEqual(conflict);
    expect(await store().create(second)).toEqual(conflict);
    expect(await store().findByExternalId(org, externalId)).toEqual(readAs(first));
    if (second.id !== first.id) expect(await store().find(org, second.id)).toBeUndefined();
    expect((await store().list(org, first.customer, all)).conversations).toEqual([readAs(first)]);
  });

  rule('refuses the same id with another externalId, whose claim then is void', async () => {
    await store().create(beside);
    const second = asked('second', { id: objectId(1), externalId: 'order-2' });
    expect(await store().create(second)).toEqual({
      kind: 'conflict',
      field: 'id',
      id: objectId(1),
      origin: originReadAs('api#beside'),
    });
    expect(await store().findByExternalId(org, 'order-2')).toBeUndefined();
    const third = asked('third', { id: objectId(3), externalId: 'order-2' });
    expect(await store().create(third)).toEqual({ kind: 'created', conversation: readAs(third) });
    expect(await store().findByExternalId(org, 'order-2')).toEqual(readAs(third));
    expect(await store().findByExternalId(org, externalId)).toEqual(readAs(beside));
  });

  rule(
    'gives an externalId whose first asker was refused to the next one who asks for it alone',
    async () => {
      await store().create(asked('holder', { id: objectId(1) }));
      expect(await store().create(beside)).toMatchObject({ kind: 'conflict', field: 'id', id: objectId(1) });
      expect(await store().create(alone)).toEqual({ kind: 'created', conversation: readAs(alone) });
      expect(await store().create(beside)).toMatchObject({
        kind: 'conflict',
        field: 'externalId',
        id: alone.id,
      });
    },
  );

  rule(
    'gives an externalId whose first asker was refused to exactly one of twenty who ask for it at once',
    async () => {
      await store().create(asked('holder', { id: objectId(1) }));
      await store().create(beside);
      const asks = Array.from({ length: 20 }, (_, n) =>
        asked(`request-${n}`, { id: objectId(100 + n), externalId }),
      );
      const outcomes = await Promise.all(asks.map((ask) => store().create(ask)));
      expect(kindsOf(outcomes)).toEqual({ created: 1, conflict: 19 });
    },
  );

  rule('gives an externalId to exactly one of twenty ids that race for it', async () => {
    const asks = Array.from({ length: 20 }, (_, n) =>
      asked(`request-${n}`, { id: objectId(100 + n), externalId }),
    );
    const outcomes = await Promise.all(asks.map((ask) => store().create(ask)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, conflict: 19 });
    const winner = await store().findByExternalId(org, externalId);
    for (const [index, outcome] of outcomes.entries()) {
      const found = await store().find(org, asks[index]!.id);
      if (outcome.kind === 'created') expect(found).toEqual(winner);
      else expect(found).toBeUndefined();
      if (outcome.kind === 'conflict') expect(outcome).toMatchObject({ field: 'externalId', id: winner?.id });
    }
  });

  rule('gives an externalId to exactly one of those who race for it alone and beside an id', async () => {
    for (let round = 0; round < 10; round++) {
      const text = `order-${round}`;
      const racers = [
        asked(`alone-${round}`, { externalId: text }),
        asked(`beside-${round}`, { id: objectId(100 + round), externalId: text }),
      ];
      if (round % 2 === 1) racers.reverse();
      const outcomes = await Promise.all(racers.map((racer) => store().create(racer)));
      expect(kindsOf(outcomes)).toEqual({ created: 1, conflict: 1 });
      const winner = racers[outcomes.findIndex(({ kind }) => kind === 'created')];
      expect(await store().findByExternalId(org, text)).toEqual(winner && readAs(winner));
    }
    expect((await store().list(org, alone.customer, all)).conversations).toHaveLength(10);
  });

  rule('takes an id that is the very hash its externalId leads to', async () => {
    const conversation = asked('first', { id: externalIdHolder(org, externalId), externalId });
    expect(await store().create(conversation)).toEqual({
      kind: 'created',
      conversation: readAs(conversation),
    });
    expect(await store().create(beside)).toMatchObject({
      kind: 'conflict',
      field: 'externalId',
      id: conversation.id,
    });
  });

  rule('does not find a conversation by an externalId that it does not have, whatever its id', async () => {
    await store().create(asked('first', { id: externalIdHolder(org, externalId), externalId: 'order-2' }));
    expect(await store().findByExternalId(org, externalId)).toBeUndefined();
    expect(await store().create(alone)).toMatchObject({ kind: 'conflict', field: 'externalId' });
  });

  rule('tells externalIds apart that differ in a letter’s case, in blanks or in Unicode form', async () => {
    const alike = ['order-1', 'Order-1', 'order-1 ', ' order-1', 'é', 'e\u0301', ''];
    const outcomes = await store().createMany(
      alike.map((text) => asked(`for ${JSON.stringify(text)}`, { externalId: text })),
    );
    expect(kindsOf(outcomes)).toEqual({ created: alike.length });
    for (const text of alike) {
      expect((await store().findByExternalId(org, text))?.externalId).toBe(text);
    }
  });
}

const all = { page: 1, pageSize: 100 };
