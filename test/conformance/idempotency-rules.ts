import { expect, it } from '@jest/globals';
import type { ConversationStore, Outcome } from '../../functions/conversations/conversation-store.ts';
import { conversationFrom, type Conversation } from '../../functions/conversations/conversation.ts';
import type { Draft } from '../../functions/conversations/draft.ts';
import { idempotentOrigin } from '../../functions/conversations/identity.ts';
import { asked, author, customer, objectId, stranger } from '../conversations/asked.ts';

const keyId = objectId(900);
const all = { page: 1, pageSize: 100 };

/** The conversation that a request with an Idempotency-Key asks for. */
export function askedWithKey(
  key: string,
  more: Partial<Draft> = {},
  by = { ...author, keyId },
): Conversation {
  const draft = { customer, ...more };
  const time = new Date('2016-11-09T02:46:29.789Z');
  return conversationFrom(draft, by, idempotentOrigin(by, key, draft), time);
}

/** What a store makes of requests with an Idempotency-Key; `store` gives the store of the running test, empty. */
export function idempotencyRules(store: () => ConversationStore): void {
  const create = (conversation: Conversation) => store().create(conversation);
  const isReused = { kind: 'conflict', field: 'idempotencyKey' };

  const variants: [string, Partial<Draft>][] = [
    ['a key alone', {}],
    ['a key and an id', { id: objectId(1) }],
    ['a key and an externalId', { externalId: 'order-1' }],
    ['a key, an id and an externalId', { id: objectId(1), externalId: 'order-1' }],
  ];

  it.each(variants)('repeats what was asked for with %s', async (_, draft) => {
    const first = askedWithKey('key', draft);
    expect(await create(first)).toEqual({ kind: 'created', conversation: first });
    const again = { ...askedWithKey('key', draft), updatedAt: '2017-01-01T00:00:00.000Z' };
    expect(await create(again)).toEqual({ kind: 'repeated', conversation: first });
    expect(await listed(store())).toEqual([first]);
  });

  it.each(variants.flatMap(([first, a]) => variants.map(([second, b]) => [first, second, a, b] as const)))(
    'refuses another body with the key: first %s, then %s',
    async (_, __, a, b) => {
      const first = askedWithKey('key', { ...a, name: 'One' });
      await create(first);
      expect(await create(askedWithKey('key', { ...b, name: 'Two' }))).toMatchObject(isReused);
      expect(await listed(store())).toEqual([first]);
    },
  );

  it.each(variants)('makes one conversation of thirty equal asks with %s at once', async (_, draft) => {
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => create(askedWithKey('key', draft))));
    expect(countsOf(outcomes)).toEqual({ created: 1, repeated: 29 });
    expect(await listed(store())).toEqual([askedWithKey('key', draft)]);
  });

  it.each(variants)('lets one of thirty different asks win a key: %s', async (_, draft) => {
    const asks = Array.from({ length: 30 }, (__, n) => askedWithKey('key', { ...draft, name: `${n}` }));
    const outcomes = await Promise.all(asks.map(create));
    expect(countsOf(outcomes)).toEqual({ created: 1, conflict: 29 });
    expect(outcomes.filter(({ kind }) => kind === 'conflict')).toMatchObject(
      Array.from({ length: 29 }, () => isReused),
    );
    const [winner, ...others] = await listed(store());
    expect(others).toEqual([]);
    expect(await create(winner!)).toEqual({ kind: 'repeated', conversation: winner });
  });

  it('keeps keys apart by organisation and by API key', async () => {
    const ours = askedWithKey('key', { name: 'Ours' });
    const otherKey = askedWithKey('key', { name: 'Other' }, { ...author, keyId: objectId(901) });
    const theirs = askedWithKey('key', { name: 'Theirs' }, { ...stranger, keyId });
    const outcomes = [await create(ours), await create(otherKey), await create(theirs)];
    expect(countsOf(outcomes)).toEqual({ created: 3 });
  });

  it('keeps two keys with the same body apart', async () => {
    expect(countsOf([await create(askedWithKey('a')), await create(askedWithKey('b'))])).toEqual({
      created: 2,
    });
  });

  it.each<[string, 'id' | 'externalId', Partial<Draft>]>([
    ['an id', 'id', { id: objectId(1) }],
    ['an externalId', 'externalId', { externalId: 'order-1' }],
  ])('refuses %s that is taken, the same each time, and names the holder', async (_, field, taken) => {
    const holder = asked('holder', taken);
    await create(holder);
    const refusal = { kind: 'conflict', field, id: holder.id, origin: 'api#holder' };
    expect(await create(askedWithKey('key', taken))).toEqual(refusal);
    expect(await create(askedWithKey('key', taken))).toEqual(refusal);
    expect(await listed(store())).toEqual([holder]);
  });

  it.each<[string, Partial<Draft>]>([
    ['an id', { id: objectId(1) }],
    ['an externalId', { externalId: 'order-1' }],
    ['both', { id: objectId(1), externalId: 'order-1' }],
  ])(
    'frees the key of a create that was refused for %s, so that it serves a mended body',
    async (_, taken) => {
      await create(asked('holder', taken));
      expect(await create(askedWithKey('key', taken))).toMatchObject({ kind: 'conflict' });
      const mended = askedWithKey('key', { name: 'Mended' });
      expect(await create(mended)).toEqual({ kind: 'created', conversation: mended });
      expect(await create(askedWithKey('key', taken))).toMatchObject(isReused);
    },
  );

  it('frees the key and the id of a create that was refused for its externalId', async () => {
    await create(asked('holder', { externalId: 'order-1' }));
    const refused = askedWithKey('key', { id: objectId(1), externalId: 'order-1' });
    expect(await create(refused)).toMatchObject({ kind: 'conflict', field: 'externalId' });
    const another = asked('another', { id: objectId(1) });
    expect(await create(another)).toEqual({ kind: 'created', conversation: another });
    const mended = askedWithKey('key', { id: objectId(2) });
    expect(await create(mended)).toEqual({ kind: 'created', conversation: mended });
  });

  it('is found by its externalId whether or not a key or an id was given', async () => {
    for (const [n, [, draft]] of variants.entries()) {
      const externalId = `order-${n}`;
      const id = draft.id === undefined ? {} : { id: objectId(n + 10) };
      const conversation = askedWithKey(`key-${n}`, { ...id, externalId });
      await create(conversation);
      expect(await store().findByExternalId(author.org, externalId)).toEqual(conversation);
    }
  });

  it('finds and lists no conversation where a key is merely claimed', async () => {
    const conversation = askedWithKey('key', { id: objectId(1) });
    await create(conversation);
    const alone = askedWithKey('key');
    expect(await store().find(author.org, alone.id)).toBeUndefined();
    expect(await listed(store())).toEqual([conversation]);
  });
}

async function listed(store: ConversationStore): Promise<Conversation[]> {
  return (await store.list(author.org, customer, all)).conversations;
}

function countsOf(outcomes: readonly Outcome[]): Partial<Record<Outcome['kind'], number>> {
  const counts: Partial<Record<Outcome['kind'], number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
