import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConversationStore } from '../../../functions/conversations/conversation-store.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { delivered, kindsOf } from '../../conformance/conversation-store-create.ts';
import { asked, author, customer, objectId } from '../../conversations/asked.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../../servers/faulty-proxy.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

// Some of these wait until the store gives an answer up.
jest.setTimeout(60_000);

/** What goes wrong with a create, and whether the vendor has acted. */
const faults: [string, Fault][] = [
  ['500', { status: 500, body: '{"errors":[{"code":"internal","message":"Oops"}]}' }],
  ['502 from something between', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ['503 without a body', { status: 503 }],
  ['408', { status: 408 }],
  ['a redirection', { status: 307, headers: { location: 'https://elsewhere.example.com/' } }],
  ['a connection that is reset before the vendor has the request', 'reset before'],
  ['a connection that is reset after the vendor has acted', 'reset after'],
  ['a request that the vendor never has', 'stalled before'],
  ['an answer that never comes', 'stalled after'],
  ['truncated JSON', 'truncated'],
  ['an answer that ends in the middle', 'cut off'],
  ['an answer that is no JSON', 'wrong content type'],
  ['an answer of another shape', { status: 201, body: '{"data":{"id":"x"}}' }],
];

/** Asks whose id is decided in each of the ways there are. */
const asks: [string, Conversation][] = [
  ['a fresh id', asked('first')],
  ['an id of its own', asked('first', { id: objectId(1) })],
  ['an externalId', asked('first', { externalId: 'order-1' })],
  ['a webhook', delivered('event-1')],
];

describe('a create at Kustomer', () => {
  let vendor: Vendor;
  let proxy: FaultyProxy;
  let store: ConversationStore;
  /** The same conversations, without the proxy. */
  let direct: ConversationStore;
  let key: string;
  beforeAll(async () => {
    vendor = await openVendor();
    proxy = await startFaultyProxy(vendor.url);
  }, 90_000);
  beforeEach(async () => {
    proxy.reset();
    key = await vendor.newOrganisation();
    // Half of it is what a first answer may take.
    store = storeAt(proxy.url, key, { time: 3000 });
    direct = storeAt(vendor.url, key);
  });
  afterAll(async () => {
    await proxy.close();
    vendor.close();
  });

  const idsThere = async () =>
    (await direct.list(author.org, customer, { page: 1, pageSize: 100 })).conversations.map(({ id }) => id);
  const methodsSeen = () => proxy.seen.map(({ method }) => method);

  it.each(faults)('ends as one conversation in spite of %s', async (_, fault) => {
    proxy.spoil('POST', fault);
    const ask = delivered('event-1');
    const outcome = await store.create(ask);
    expect(outcome).toMatchObject({ kind: 'created', conversation: { id: ask.id, origin: ask.origin } });
    expect(await idsThere()).toEqual([ask.id]);
    // Nothing is repeated before it is known whether it was done.
    expect(methodsSeen().slice(0, 2)).toEqual(['POST', 'GET']);
    expect(proxy.seen[1]?.url).toBe(`/v1/conversations/${ask.id}`);
  });

  it.each(asks)('ends as one conversation whatever its id was decided on: %s', async (_, ask) => {
    proxy.spoil('POST', 'reset before', 'reset after');
    expect(await store.create(ask)).toMatchObject({ kind: 'created', conversation: { id: ask.id } });
    expect(methodsSeen()).toEqual(['POST', 'GET', 'POST', 'GET']);
    expect(await idsThere()).toEqual([ask.id]);
  });

  it('is not repeated when the vendor has acted', async () => {
    proxy.spoil('POST', 'reset after');
    await store.create(asked('first', { id: objectId(1) }));
    expect(methodsSeen()).toEqual(['POST', 'GET']);
  });

  it('is settled though reading back fails as well, at first', async () => {
    proxy.spoil('POST', 'reset after');
    proxy.spoil('GET', { status: 502 }, 'reset before');
    expect(await store.create(asked('first', { id: objectId(1) }))).toMatchObject({ kind: 'created' });
    expect(await idsThere()).toEqual([objectId(1)]);
  });

  it('throws when no answer comes after all, and ends as one conversation when it is asked for again', async () => {
    proxy.spoil('POST', 'reset before', 'reset before', 'reset before');
    await expect(store.create(delivered('event-1'))).rejects.toThrow(
      'Kustomer, creating a conversation: no answer',
    );
    expect(methodsSeen()).toEqual(['POST', 'GET', 'POST', 'GET', 'POST']);
    expect(await idsThere()).toEqual([]);
    expect(await store.create(delivered('event-1'))).toMatchObject({ kind: 'created' });
    expect(await idsThere()).toEqual([delivered('event-1').id]);
  });

  it('finds out when it is asked for again that it had happened, though all answers were lost', async () => {
    proxy.spoil('POST', 'reset after');
    proxy.spoil('GET', 'reset before', 'reset before', 'reset before');
    await expect(store.create(delivered('event-1'))).rejects.toThrow('reading a conversation');
    expect(await store.create(delivered('event-1'))).toMatchObject({ kind: 'repeated' });
    expect(await idsThere()).toEqual([delivered('event-1').id]);
  });

  it('does not take another’s conversation for its own when an answer is lost', async () => {
    await direct.create(asked('other', { id: objectId(1), externalId: 'order-1' }));
    proxy.spoil('POST', 'reset before');
    expect(await store.create(asked('first', { id: objectId(1) }))).toEqual({
      kind: 'conflict',
      field: 'id',
      id: objectId(1),
      origin: '',
    });
  });

  it('keeps within the time it has', async () => {
    proxy.spoil('POST', 'stalled before', 'stalled before', 'stalled before');
    const began = performance.now();
    const hasty = storeAt(proxy.url, key, { time: 1000 });
    await expect(hasty.create(asked('first', { id: objectId(1) }))).rejects.toThrow('within');
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('makes one conversation of thirty equal asks at once, each with something wrong', async () => {
    proxy.spoil('POST', ...Array.from({ length: 30 }, (_, n) => faults[n % 7]![1]));
    const ask = asked('first', { id: objectId(1), externalId: 'order-1' });
    await Promise.allSettled(Array.from({ length: 30 }, () => store.create(ask)));
    expect(await idsThere()).toEqual([objectId(1)]);
  });

  it('makes each of a hundred conversations once, a tenth of them asked for twice, whatever goes wrong', async () => {
    const asking = Array.from({ length: 100 }, (_, n) => delivered(`event-${n}`));
    const patient = storeAt(proxy.url, key, { time: 60_000 });
    const quick = faults.filter(([, fault]) => !String(fault).startsWith('stalled'));
    proxy.spoil(
      'POST',
      ...Array.from({ length: 60 }, (_, n) => (n % 3 ? null : quick[n % quick.length]![1])),
    );
    let left = [...asking, ...asking.filter((_, n) => n % 10 === 0)];
    // As the queue does: one that met a fault at each of its attempts comes again.
    for (let receives = 1; left.length > 0; receives++) {
      expect(receives).toBeLessThanOrEqual(5);
      const outcomes = await patient.createMany(left);
      expect(kindsOf(outcomes)).not.toHaveProperty('conflict');
      left = left.filter((_, n) => outcomes[n]?.kind === 'failed');
    }
    expect((await idsThere()).toSorted()).toEqual(asking.map(({ id }) => id).toSorted());
  });
});
