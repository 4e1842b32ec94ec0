import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConversationStore, Outcome } from '../../../functions/conversations/conversation-store.ts';
import { conversationFrom } from '../../../functions/conversations/conversation.ts';
import type { Draft } from '../../../functions/conversations/draft.ts';
import { askedWithKey } from '../../conformance/idempotency-rules.ts';
import { kindsOf } from '../../conformance/conversation-store-create.ts';
import { asked, author, customer, objectId, stranger } from '../../conversations/asked.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

jest.setTimeout(30_000);

const { org } = author;
const hook = (event: string, draft: Partial<Draft> = {}) =>
  conversationFrom({ customer, ...draft }, author, { kind: 'hook', source: 'tickets', event });
const item = (index: number, draft: Partial<Draft> = {}) =>
  conversationFrom({ customer, ...draft }, author, { kind: 'bulk', job: objectId(9), index });

/** Without origins at the vendor, what is told of a clash goes by the ids and by what can have been asked for before. */
describe('a clash at Kustomer', () => {
  let vendor: Vendor;
  let store: ConversationStore;
  beforeAll(async () => {
    vendor = await openVendor();
  }, 90_000);
  beforeEach(async () => {
    store = storeAt(vendor.url, await vendor.newOrganisation());
  });
  afterAll(() => vendor.close());

  const idsThere = async () =>
    (await store.list(org, customer, { page: 1, pageSize: 100 })).conversations.map(({ id }) => id);

  it.each([
    ['a delivery', hook('a')],
    ['a delivery with an externalId', hook('a', { externalId: 'order-1' })],
    ['a delivery with an id', hook('a', { id: objectId(1) })],
    ['a delivery with both', hook('a', { id: objectId(1), externalId: 'order-1' })],
    ['an item of a bulk job', item(0)],
    ['an item of a bulk job with an externalId', item(0, { externalId: 'order-1' })],
    ['a request with an Idempotency-Key', askedWithKey('key')],
    ['a request with an Idempotency-Key and an externalId', askedWithKey('key', { externalId: 'order-1' })],
  ])('is a repetition for %s, with its own origin', async (_, ask) => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.create(ask)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, repeated: 9 });
    for (const outcome of outcomes) expect(outcome).toMatchObject({ conversation: { origin: ask.origin } });
    expect(await idsThere()).toEqual([ask.id]);
  });

  it.each([
    ['an id', 'id', { id: objectId(1) }],
    ['an externalId', 'externalId', { externalId: 'order-1' }],
    ['an externalId beside an id', 'externalId', { id: objectId(1), externalId: 'order-1' }],
  ] as const)('is a conflict for a request without an Idempotency-Key: %s', async (_, field, draft) => {
    await store.create(asked('first', draft));
    const second = asked(
      'second',
      'id' in draft && field === 'externalId' ? { ...draft, id: objectId(2) } : draft,
    );
    const conflict: Outcome = { kind: 'conflict', field, id: asked('first', draft).id, origin: '' };
    expect(await store.create(second)).toEqual(conflict);
    expect(await idsThere()).toHaveLength(1);
  });

  it('is a repetition for an Idempotency-Key with another body, which leads to the same id', async () => {
    const first = askedWithKey('key', { name: 'One' });
    await store.create(first);
    const second = await store.create(askedWithKey('key', { name: 'Two' }));
    expect(second).toMatchObject({ kind: 'repeated', conversation: { id: first.id, name: 'One' } });
  });

  it('ends thirty equal requests at once as one conversation, of which the others are told', async () => {
    const ask = asked('first', { externalId: 'order-1' });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => store.create(ask)));
    expect(kindsOf(outcomes)).toEqual({ created: 1, conflict: 29 });
    expect(await idsThere()).toEqual([ask.id]);
  });

  it('is a repetition for a second event of the same externalId', async () => {
    await store.create(hook('a', { externalId: 'order-1' }));
    expect(await store.create(hook('b', { externalId: 'order-1' }))).toMatchObject({ kind: 'repeated' });
  });

  it('is a conflict for a delivery whose id another externalId has', async () => {
    await store.create(asked('first', { id: objectId(1), externalId: 'order-1' }));
    for (const draft of [{ id: objectId(1) }, { id: objectId(1), externalId: 'order-2' }]) {
      expect(await store.create(hook('a', draft))).toMatchObject({
        kind: 'conflict',
        field: 'id',
        id: objectId(1),
      });
    }
  });

  it('is no matter of another organisation: it is refused, and nothing of it is found', async () => {
    const theirs = asked('theirs', { id: objectId(1), externalId: 'order-1' }, stranger);
    await expect(store.create(theirs)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await store.create(asked('ours', { id: objectId(1), externalId: 'order-1' }));
    expect(await store.find(stranger.org, objectId(1))).toBeUndefined();
    expect(await store.findByExternalId(stranger.org, 'order-1')).toBeUndefined();
  });
});
