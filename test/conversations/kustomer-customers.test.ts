import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerName } from '../../functions/conversations/customer-ref.ts';
import { KustomerBudget } from '../../functions/conversations/kustomer-budget.ts';
import { KustomerClient } from '../../functions/conversations/kustomer-client.ts';
import { KustomerCustomers } from '../../functions/conversations/kustomer-customers.ts';
import { Problem } from '../../functions/lambda/problem.ts';
import { startCustomersServer, type CustomersServer } from '../servers/customers-server.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../servers/faulty-proxy.ts';
import { author, customer, objectId, stranger } from './asked.ts';

const ada: CustomerName = { kind: 'email', text: 'ada@example.com' };
const names: CustomerName[] = [
  ada,
  { kind: 'phone', text: '+49305550142' },
  { kind: 'externalId', text: 'crm/7 ü?#%' },
];
const hour = 60 * 60_000;

describe('the customers of a Kustomer organisation', () => {
  let vendor: CustomersServer;
  let proxy: FaultyProxy;
  let now: number;
  beforeAll(async () => {
    vendor = await startCustomersServer();
    proxy = await startFaultyProxy(vendor.url);
  });
  beforeEach(() => {
    vendor.reset();
    proxy.reset();
    now = Date.UTC(2026, 0, 1);
  });
  afterAll(() => Promise.all([proxy.close(), vendor.close()]));

  /** What one environment of a function knows of them. */
  const environment = (settings: { mayCreate?: boolean; capacity?: number } = {}) => {
    const budget = new KustomerBudget(0.2);
    const client = new KustomerClient({
      baseUrl: proxy.url,
      readKey: async () => 'key',
      budget,
      random: () => 0,
    });
    return new KustomerCustomers(client, { now: () => now, ...settings });
  };
  const inTime = (time = 2000) => Date.now() + time;
  const idOf = (customers: KustomerCustomers, named: CustomerName = ada, until = inTime()) =>
    customers.idOf({ org: author.org, customer: objectId(1), named }, until);
  const methods = () => vendor.asked.map(({ method }) => method);
  const refusalOf = async (answer: Promise<unknown>): Promise<Problem> => {
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    return error as Problem;
  };

  it('are whom an id names, without a question', async () => {
    expect(await environment().idOf({ org: author.org, customer }, inTime())).toBe(customer);
    expect(proxy.seen).toEqual([]);
  });

  it.each(names)('are found by $kind', async ({ kind, text }) => {
    vendor.add(objectId(7), { [kind]: text });
    expect(await idOf(environment(), { kind, text })).toBe(objectId(7));
    expect(vendor.asked).toEqual([{ method: 'GET', by: `${kind}=${text}` }]);
  });

  it.each(names)('are created where there is none with this $kind, once', async (named) => {
    const id = await idOf(environment(), named);
    expect(vendor.ids()).toEqual([id]);
    expect(await idOf(environment(), named)).toBe(id);
    expect(methods()).toEqual(['GET', 'POST', 'GET']);
  });

  it.each(names)('are not created where that may not be: an unknown $kind is refused', async (named) => {
    const answers = [
      idOf(environment(), { ...named, mustExist: true }),
      idOf(environment({ mayCreate: false }), named),
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
    expect(vendor.ids()).toEqual([]);
    vendor.add(objectId(7), { [named.kind]: named.text });
    expect(await idOf(environment({ mayCreate: false }), named)).toBe(objectId(7));
    expect(await idOf(environment(), { ...named, mustExist: true })).toBe(objectId(7));
  });

  it('are remembered for an hour', async () => {
    vendor.add(objectId(7), { email: ada.text });
    const customers = environment();
    for (let asked = 0; asked < 100; asked++) await idOf(customers);
    now += hour - 1;
    expect(await idOf(customers, { ...ada, mustExist: true })).toBe(objectId(7));
    expect(methods()).toEqual(['GET']);
    now += 1;
    vendor.reset();
    vendor.add(objectId(8), { email: ada.text });
    expect(await idOf(customers)).toBe(objectId(8));
    expect(methods()).toEqual(['GET']);
  });

  it('are remembered for one organisation and kind of name', async () => {
    const customers = environment();
    await idOf(customers, { kind: 'externalId', text: '110' });
    await idOf(customers, { kind: 'phone', text: '110' });
    await customers.idOf({ org: stranger.org, customer, named: { kind: 'phone', text: '110' } }, inTime());
    expect(methods()).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('are forgotten in the order of asking when there are too many to remember', async () => {
    const customers = environment({ capacity: 2 });
    const asked = ['a', 'b', 'c', 'c', 'b', 'a'];
    for (const text of asked) await idOf(customers, { kind: 'externalId', text });
    expect(vendor.asked.filter(({ method }) => method === 'GET').map(({ by }) => by)).toEqual(
      ['a', 'b', 'c', 'a'].map((text) => `externalId=${text}`),
    );
  });

  it('are not remembered as missing', async () => {
    const customers = environment({ mayCreate: false });
    await refusalOf(idOf(customers));
    vendor.add(objectId(7), { email: ada.text });
    expect(await idOf(customers)).toBe(objectId(7));
  });

  it('are asked for once by all who ask at once', async () => {
    const customers = environment();
    const until = inTime();
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => idOf(customers, ada, until + n)));
    expect(new Set(ids)).toEqual(new Set(vendor.ids()));
    expect(vendor.ids()).toHaveLength(1);
    expect(methods()).toEqual(['GET', 'POST']);
  });

  it('are asked for anew by who has more time than one that an earlier invocation left behind', async () => {
    vendor.add(objectId(7), { email: ada.text });
    proxy.spoil('GET', 'stalled before');
    const customers = environment();
    const left = idOf(customers, ada, inTime(500)).catch((error: unknown) => error);
    expect(await idOf(customers, ada, inTime(5000))).toBe(objectId(7));
    await left;
  });

  it.each([409, 400, 422])(
    'are one of two that race for the same, in environments of their own: the other is refused with %i',
    async (status) => {
      vendor.refuseTaken(status);
      vendor.gather(2);
      const [first, second] = await Promise.all([idOf(environment()), idOf(environment())]);
      expect(first).toBe(second);
      expect(vendor.ids()).toEqual([first]);
      expect(methods()).toEqual(['GET', 'GET', 'POST', 'POST', 'GET']);
    },
  );

  it.each<[string, Fault]>([
    ['reset before the vendor has the request', 'reset before'],
    ['reset after the vendor has acted', 'reset after'],
    ['cut off', 'cut off'],
    ['no JSON', 'wrong content type'],
    ['of another shape', { status: 201, body: '{"data":{}}' }],
    ['a 500', { status: 500 }],
  ])('are one when the answer to a create is %s: nothing is repeated before a look', async (_, fault) => {
    proxy.spoil('POST', fault);
    const id = await idOf(environment());
    expect(vendor.ids()).toEqual([id]);
    expect(proxy.seen.slice(0, 3).map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it('are unknown when no answer comes at all, and one when they are asked for again', async () => {
    proxy.spoil('POST', 'reset after');
    proxy.spoil('GET', null, 'reset before', 'reset before', 'reset before');
    const customers = environment();
    await expect(idOf(customers)).rejects.toThrow('Kustomer, looking a customer up: no answer');
    await idOf(customers);
    expect(vendor.ids()).toHaveLength(1);
  });

  it('are looked for again when a clash with one who cannot be found yet is told', async () => {
    vendor.add(objectId(7), { email: ada.text });
    const missing: Fault = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not Found"}]}' };
    proxy.spoil('GET', missing, missing);
    expect(await idOf(environment())).toBe(objectId(7));
    expect(proxy.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET']);
  });

  it('are refused in the vendor’s words when the one who clashes is never found', async () => {
    vendor.add(objectId(7), { email: ada.text });
    const missing: Fault = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not Found"}]}' };
    proxy.spoil('GET', ...Array.from({ length: 6 }, () => missing));
    expect(await refusalOf(idOf(environment()))).toMatchObject({
      status: 409,
      faults: [{ title: 'Is taken', pointer: '/customer/email' }],
    });
  });

  it('are refused in the vendor’s words, with a pointer to what it refuses', async () => {
    const named: CustomerName = { kind: 'email', text: 'ada@localhost' };
    const problem = await refusalOf(idOf(environment(), named));
    expect(problem).toMatchObject({ status: 400, code: 'badparam' });
    expect(problem.faults).toEqual([{ title: 'Must be an email address', pointer: '/customer/email' }]);
    const body = '{"errors":[{"code":"badparam","title":"No phone","source":{"parameter":"phone"}}]}';
    proxy.spoil('GET', { status: 400, body });
    const refused = await refusalOf(idOf(environment(), { kind: 'phone', text: '123' }));
    expect(refused.faults).toEqual([{ title: 'No phone', pointer: '/customer/phone' }]);
  });

  it.each(['GET', 'POST'] as const)(
    'are told of a 429 to a %s, with its reset, and nobody is made',
    async (method) => {
      const headers = { 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 30) };
      proxy.spoil(method, { status: 429, headers });
      expect(await refusalOf(idOf(environment()))).toMatchObject({ status: 429, headers });
      expect(vendor.ids()).toEqual([]);
    },
  );

  it.each(['GET', 'POST'] as const)('say what to do when the key may not %s them', async (method) => {
    proxy.spoil(method, { status: 403 });
    await expect(idOf(environment())).rejects.toMatchObject({ name: 'KustomerKeyRefused' });
  });

  describe('used by something', () => {
    const asked = { org: author.org, customer: objectId(1), named: ada };
    const gone = () => new Problem(404, 'notfound', [{ title: 'Not Found' }]);

    it('are forgotten when they are not there any more, and looked for again, once', async () => {
      const customers = environment();
      vendor.add(objectId(7), { email: ada.text });
      await idOf(customers);
      vendor.delete(objectId(7));
      const given: string[] = [];
      const act = async (id: string) => {
        given.push(id);
        if (!vendor.ids().includes(id)) throw gone();
        return 'done';
      };
      expect(await customers.withIdOf(asked, inTime(), act)).toBe('done');
      expect(given).toEqual([objectId(7), ...vendor.ids()]);
    });

    it('pass on a 404 that comes again, and any other refusal at once', async () => {
      const given: string[] = [];
      const throwing = (error: Error) => async (id: string) => {
        given.push(id);
        throw error;
      };
      const customers = environment();
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
      await expect(environment().withIdOf({ org: author.org, customer }, inTime(), act)).rejects.toThrow(
        'Not Found',
      );
      expect(proxy.seen).toEqual([]);
    });
  });
});
