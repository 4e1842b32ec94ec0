import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerName } from '../../functions/conversations/customer-ref.ts';
import { Problem } from '../../functions/lambda/problem.ts';
import { author, customer, objectId, stranger } from './asked.ts';
import {
  ada,
  idOf,
  inTime,
  refusalOf,
  startKustomerOrganisation,
  type KustomerOrganisation,
} from './kustomer-organisation.ts';

const names: CustomerName[] = [
  ada,
  { kind: 'phone', text: '+49305550142' },
  { kind: 'externalId', text: 'crm/7 ü?#%' },
];
const hour = 60 * 60_000;

describe('the customers of a Kustomer organisation', () => {
  let kustomer: KustomerOrganisation;
  beforeAll(async () => {
    kustomer = await startKustomerOrganisation();
  });
  beforeEach(() => kustomer.reset());
  afterAll(() => kustomer.close());

  it('are whom an id names, without a question', async () => {
    expect(await kustomer.environment().idOf({ org: author.org, customer }, inTime())).toBe(customer);
    expect(kustomer.proxy.seen).toEqual([]);
  });

  it.each(names)('are found by $kind', async ({ kind, text }) => {
    kustomer.vendor.add(objectId(7), { [kind]: text });
    expect(await idOf(kustomer.environment(), { kind, text })).toBe(objectId(7));
    expect(kustomer.vendor.asked).toEqual([{ method: 'GET', by: `${kind}=${text}` }]);
  });

  it.each(names)('are created where there is none with this $kind, once', async (named) => {
    const id = await idOf(kustomer.environment(), named);
    expect(kustomer.vendor.ids()).toEqual([id]);
    expect(await idOf(kustomer.environment(), named)).toBe(id);
    expect(kustomer.methods()).toEqual(['GET', 'POST', 'GET']);
  });

  it.each(names)('are not created where that may not be: an unknown $kind is refused', async (named) => {
    const answers = [
      idOf(kustomer.environment(), { ...named, mustExist: true }),
      idOf(kustomer.environment({ mayCreate: false }), named),
    ];
    for (const answer of answers) {
      expect(await refusalOf(answer)).toMatchObject({
        status: 404,
        code: 'notfound',
        faults: [
          { title: `There is no customer with this ${named.kind}`, pointer: `/customer/${named.kind}` },
        ],
      });
    }
    expect(kustomer.vendor.ids()).toEqual([]);
    kustomer.vendor.add(objectId(7), { [named.kind]: named.text });
    expect(await idOf(kustomer.environment({ mayCreate: false }), named)).toBe(objectId(7));
    expect(await idOf(kustomer.environment(), { ...named, mustExist: true })).toBe(objectId(7));
  });

  it('are remembered for an hour', async () => {
    kustomer.vendor.add(objectId(7), { email: ada.text });
    const customers = kustomer.environment();
    for (let asked = 0; asked < 100; asked++) await idOf(customers);
    kustomer.now += hour - 1;
    expect(await idOf(customers, { ...ada, mustExist: true })).toBe(objectId(7));
    expect(kustomer.methods()).toEqual(['GET']);
    kustomer.now += 1;
    kustomer.vendor.reset();
    kustomer.vendor.add(objectId(8), { email: ada.text });
    expect(await idOf(customers)).toBe(objectId(8));
    expect(kustomer.methods()).toEqual(['GET']);
  });

  it('are remembered for one organisation and kind of name', async () => {
    const customers = kustomer.environment();
    await idOf(customers, { kind: 'externalId', text: '110' });
    await idOf(customers, { kind: 'phone', text: '110' });
    await customers.idOf({ org: stranger.org, customer, named: { kind: 'phone', text: '110' } }, inTime());
    expect(kustomer.methods()).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('are forgotten in the order of asking when there are too many to remember', async () => {
    const customers = kustomer.environment({ capacity: 2 });
    const asked = ['a', 'b', 'c', 'c', 'b', 'a'];
    for (const text of asked) await idOf(customers, { kind: 'externalId', text });
    expect(kustomer.vendor.asked.filter(({ method }) => method === 'GET').map(({ by }) => by)).toEqual(
      ['a', 'b', 'c', 'a'].map((text) => `externalId=${text}`),
    );
  });

  it('are not remembered as missing', async () => {
    const customers = kustomer.environment({ mayCreate: false });
    await refusalOf(idOf(customers));
    kustomer.vendor.add(objectId(7), { email: ada.text });
    expect(await idOf(customers)).toBe(objectId(7));
  });

  it('are asked for once by all who ask at once', async () => {
    const customers = kustomer.environment();
    const until = inTime();
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => idOf(customers, ada, until + n)));
    expect(new Set(ids)).toEqual(new Set(kustomer.vendor.ids()));
    expect(kustomer.vendor.ids()).toHaveLength(1);
    expect(kustomer.methods()).toEqual(['GET', 'POST']);
  });

  it('are asked for anew by who has more time than one that an earlier invocation left behind', async () => {
    kustomer.vendor.add(objectId(7), { email: ada.text });
    kustomer.proxy.spoil('GET', 'stalled before');
    const customers = kustomer.environment();
    const left = idOf(customers, ada, inTime(500)).catch((error: unknown) => error);
    expect(await idOf(customers, ada, inTime(5000))).toBe(objectId(7));
    await left;
  });

  describe('used by something', () => {
    const asked = { org: author.org, customer: objectId(1), named: ada };
    const gone = () => new Problem(404, 'notfound', [{ title: 'Not Found' }]);

    it('are forgotten when they are not there any more, and looked for again, once', async () => {
      const customers = kustomer.environment();
      kustomer.vendor.add(objectId(7), { email: ada.text });
      await idOf(customers);
      kustomer.vendor.delete(objectId(7));
      const given: string[] = [];
      const act = async (id: string) => {
        given.push(id);
        if (!kustomer.vendor.ids().includes(id)) throw gone();
        return 'done';
      };
      expect(await customers.withIdOf(asked, inTime(), act)).toBe('done');
      expect(given).toEqual([objectId(7), ...kustomer.vendor.ids()]);
    });

    it('pass on a 404 that comes again, and any other refusal at once', async () => {
      const given: string[] = [];
      const throwing = (error: Error) => async (id: string) => {
        given.push(id);
        throw error;
      };
      const customers = kustomer.environment();
      await expect(customers.withIdOf(asked, inTime(), throwing(gone()))).rejects.toThrow('Not Found');
      expect(given).toHaveLength(2);
      const other = new Problem(400, 'bad_request', [{ title: 'No' }]);
      await expect(customers.withIdOf(asked, inTime(), throwing(other))).rejects.toBe(other);
      expect(given).toHaveLength(3);
    });

    it('are not looked for when the id was given', async () => {
      const act = async () => {
        throw gone();
      };
      await expect(
        kustomer.environment().withIdOf({ org: author.org, customer }, inTime(), act),
      ).rejects.toThrow('Not Found');
      expect(kustomer.proxy.seen).toEqual([]);
    });
  });
});
