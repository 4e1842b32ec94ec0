import { describe, expect, it } from '@jest/globals';
import { parseBulk } from '../../functions/bulk/bulk-item.ts';
import { customer } from '../conversations/asked.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { bulkBody, filler } from './bulk-items.ts';

const faultsOf = async (body: unknown) => (await problemOf(400, () => parseBulk(body))).faults;
const refused = async (body: unknown) => placesOf(await problemOf(400, () => parseBulk(body)));

describe('the body of a bulk request', () => {
  it.each([1, 2, 100, 101, 10_000])('may have %d items, which keep their order', (count) => {
    const items = parseBulk(bulkBody(count));
    expect(items).toHaveLength(count);
    expect(items[0]?.draft).toEqual({ customer, name: 'Item 0' });
    expect(items.at(-1)?.draft).toEqual({ customer, name: `Item ${count - 1}` });
  });

  it('may not have 10,001 items, whatever they are', async () => {
    expect(await faultsOf(Array.from({ length: 10_001 }, () => null))).toEqual([
      {
        title: 'The body must have at most 10000 conversations',
        detail: 'It has 10001.',
        pointer: '',
      },
    ]);
  });

  it('must have an item', async () => {
    expect(await faultsOf([])).toEqual([
      { title: 'The body must have at least one conversation', pointer: '' },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a single conversation', { customer }],
    ['a wrapped array', { data: [{ customer }] }],
    ['a text', 'customer'],
    ['a number', 1],
  ])('must be an array, not %s', async (_, body) => {
    expect(await faultsOf(body)).toEqual([
      { title: 'The body must be an array of conversations', pointer: '' },
    ]);
  });

  it('keeps each item as it was sent, whatever its meaning is normalised to', () => {
    const sent = { createdAt: '2016-11-09T03:46:29+01:00', customer, name: 'Ünïcode \u0000 🦀' };
    const [item] = parseBulk([sent]);
    expect(item).toEqual({
      text: JSON.stringify(sent),
      draft: { customer, name: sent.name, createdAt: '2016-11-09T02:46:29.000Z' },
      clientRef: undefined,
    });
  });

  it('is refused with every fault of every item, each at its place', async () => {
    const faults = await faultsOf([
      { customer },
      { customer: 'X', name: 7 },
      { name: 'no customer' },
      { customer, custom: { planStr: 7, plan: 'x' } },
      { customer, campaign: customer },
      { customer, queue: { id: null, other: 1 }, tags: ['good', ' bad'] },
      'text',
      null,
      [],
    ]);
    const places = placesOf({ faults });
    expect(places.toSorted()).toEqual([
      '/1/customer',
      '/1/name',
      '/2/customer',
      '/3/custom/plan',
      '/3/custom/planStr',
      '/4/campaign',
      '/5/queue/other',
      '/5/tags/1',
      '/6',
      '/7',
      '/8',
    ]);
    const itemOf = (place: string | undefined) => Number(place?.split('/')[1]);
    expect(places.map(itemOf)).toEqual(places.map(itemOf).toSorted((a, b) => a - b));
    expect(faults.every(({ title, pointer }) => title.startsWith(pointer ?? '?'))).toBe(true);
  });

  it('may name the customer of each item by a reference, which is kept as it was sent', () => {
    const sent = { customer: { email: 'Ada@Example.com' }, _clientRef: 'a' };
    expect(parseBulk([sent, { customer: { id: customer }, _clientRef: 'b' }])).toEqual([
      { text: JSON.stringify(sent), draft: { customer: { email: 'ada@example.com' } }, clientRef: 'a' },
      { text: expect.any(String), draft: { customer }, clientRef: 'b' },
    ]);
  });

  it('is refused for every reference that names no customer, each at its place', async () => {
    const faults = await faultsOf([
      { customer: { email: 'ada@example.com' } },
      { customer: {} },
      { customer: { email: 'ada', nick: 'ada' } },
      { customer: { phone: 'x' }, name: 5 },
      { customer: { id: customer, externalId: 'x' } },
    ]);
    expect(faults.map(({ title }) => title)).toEqual([
      '/1/customer must have exactly one of id, email, phone and externalId',
      '/2/customer/email must be an email address',
      '/2/customer/nick is not a known field',
      '/3/name must be a string',
      '/3/customer/phone must be a phone number',
      '/4/customer must have exactly one of id, email, phone and externalId',
    ]);
    expect(faults.every(({ title, pointer }) => title.startsWith(pointer ?? '?'))).toBe(true);
  });

  it('writes a pointer so that it can be read back, whatever the key', async () => {
    expect(await refused([{ customer, 'a/b~c': 1 }])).toEqual(['/0/a~1b~0c']);
  });

  it('may be as large in one item as a create on its own, and no larger', async () => {
    const ofBytes = (bytes: number) => {
      const texts = Array.from({ length: 98 }, (_, n) => [`text${n}Str`, filler(1024)]);
      const bare = { customer, custom: { ...Object.fromEntries(texts), lastStr: '' } };
      const lastStr = filler(bytes - JSON.stringify(bare).length);
      return { ...bare, custom: { ...bare.custom, lastStr } };
    };
    const problem = await problemOf(413, () => parseBulk([{ customer }, ofBytes(102_401)]));
    expect(problem).toMatchObject({ code: 'payload_too_large', faults: [{ meta: { limit: 102_400 } }] });
    expect(parseBulk([ofBytes(102_400)])).toHaveLength(1);
  });
});

describe('_clientRef', () => {
  const withRefs = (...refs: unknown[]) =>
    refs.map((ref) => (ref === undefined ? { customer } : { customer, _clientRef: ref }));

  it('is kept apart from the draft when all items have one', () => {
    const items = parseBulk(withRefs('a', 'b'));
    expect(items.map(({ clientRef }) => clientRef)).toEqual(['a', 'b']);
    expect(items.map(({ draft }) => draft)).toEqual([{ customer }, { customer }]);
    expect(items[0]?.text).toBe(JSON.stringify({ customer, _clientRef: 'a' }));
  });

  it('is for all items or for none', async () => {
    expect(parseBulk(withRefs(undefined, undefined))).toHaveLength(2);
    expect(await faultsOf(withRefs('a', undefined, 'c', undefined))).toEqual([
      { title: '/1/_clientRef is required', detail: expect.any(String), pointer: '/1/_clientRef' },
      { title: '/3/_clientRef is required', detail: expect.any(String), pointer: '/3/_clientRef' },
    ]);
  });

  it('is different in each item', async () => {
    expect(await refused(withRefs('a', 'b', 'a', 'b', 'c'))).toEqual(['/2/_clientRef', '/3/_clientRef']);
    expect(parseBulk(withRefs('a', 'A', 'a '))).toHaveLength(3);
  });

  it.each([
    ['one character', 'a'],
    ['255 characters', filler(255)],
    ['255 characters of two code units each', '🦀'.repeat(255)],
  ])('may have %s', (_, ref) => {
    expect(parseBulk(withRefs(ref))).toHaveLength(1);
  });

  it.each([
    ['an empty text', ''],
    ['256 characters', filler(256)],
    ['a number', 7],
    ['null', null],
    ['an object', {}],
  ])('may not be %s', async (_, ref) => {
    expect(await refused(withRefs('fine', ref))).toEqual(['/1/_clientRef']);
  });

  it('is told together with the faults of the fields', async () => {
    expect(
      await refused([
        { customer, _clientRef: '' },
        { name: 'x', _clientRef: 'b' },
      ]),
    ).toEqual(['/1/customer', '/0/_clientRef']);
  });
});
