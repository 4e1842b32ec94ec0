import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerName } from '../../functions/conversations/customer-ref.ts';
import type { Fault } from '../servers/faulty-proxy.ts';
import { objectId } from './asked.ts';
import {
  ada,
  idOf,
  refusalOf,
  startKustomerOrganisation,
  type KustomerOrganisation,
} from './kustomer-organisation.ts';

describe('the customers of a Kustomer organisation', () => {
  let kustomer: KustomerOrganisation;
  beforeAll(async () => {
    kustomer = await startKustomerOrganisation();
  });
  beforeEach(() => kustomer.reset());
  afterAll(() => kustomer.close());

  it.each([409, 400, 422])(
    'are one of two that race for the same, in environments of their own: the other is refused with %i',
    async (status) => {
      kustomer.vendor.refuseTaken(status);
      kustomer.vendor.gather(2);
      const [first, second] = await Promise.all([idOf(kustomer.environment()), idOf(kustomer.environment())]);
      expect(first).toBe(second);
      expect(kustomer.vendor.ids()).toEqual([first]);
      expect(kustomer.methods()).toEqual(['GET', 'GET', 'POST', 'POST', 'GET']);
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
    kustomer.proxy.spoil('POST', fault);
    const id = await idOf(kustomer.environment());
    expect(kustomer.vendor.ids()).toEqual([id]);
    expect(kustomer.proxy.seen.slice(0, 3).map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it('are unknown when no answer comes at all, and one when they are asked for again', async () => {
    kustomer.proxy.spoil('POST', 'reset after');
    kustomer.proxy.spoil('GET', null, 'reset before', 'reset before', 'reset before');
    const customers = kustomer.environment();
    await expect(idOf(customers)).rejects.toThrow('Kustomer, looking a customer up: no answer');
    await idOf(customers);
    expect(kustomer.vendor.ids()).toHaveLength(1);
  });

  it('are looked for again when a clash with one who cannot be found yet is told', async () => {
    kustomer.vendor.add(objectId(7), { email: ada.text });
    const missing: Fault = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not Found"}]}' };
    kustomer.proxy.spoil('GET', missing, missing);
    expect(await idOf(kustomer.environment())).toBe(objectId(7));
    expect(kustomer.proxy.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET']);
  });

  it('are refused in the vendor’s words when the one who clashes is never found', async () => {
    kustomer.vendor.add(objectId(7), { email: ada.text });
    const missing: Fault = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not Found"}]}' };
    kustomer.proxy.spoil('GET', ...Array.from({ length: 6 }, () => missing));
    expect(await refusalOf(idOf(kustomer.environment()))).toMatchObject({
      status: 409,
      faults: [{ title: 'Is taken', pointer: '/customer/email' }],
    });
  });

  it('are refused in the vendor’s words, with a pointer to what it refuses', async () => {
    const named: CustomerName = { kind: 'email', text: 'ada@localhost' };
    const problem = await refusalOf(idOf(kustomer.environment(), named));
    expect(problem).toMatchObject({ status: 400, code: 'badparam' });
    expect(problem.faults).toEqual([{ title: 'Must be an email address', pointer: '/customer/email' }]);
    const body = '{"errors":[{"code":"badparam","title":"No phone","source":{"parameter":"phone"}}]}';
    kustomer.proxy.spoil('GET', { status: 400, body });
    const refused = await refusalOf(idOf(kustomer.environment(), { kind: 'phone', text: '123' }));
    expect(refused.faults).toEqual([{ title: 'No phone', pointer: '/customer/phone' }]);
  });

  it.each(['GET', 'POST'] as const)(
    'are told of a 429 to a %s, with its reset, and nobody is made',
    async (method) => {
      const headers = { 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 30) };
      kustomer.proxy.spoil(method, { status: 429, headers });
      expect(await refusalOf(idOf(kustomer.environment()))).toMatchObject({ status: 429, headers });
      expect(kustomer.vendor.ids()).toEqual([]);
    },
  );

  it.each(['GET', 'POST'] as const)('say what to do when the key may not %s them', async (method) => {
    kustomer.proxy.spoil(method, { status: 403 });
    await expect(idOf(kustomer.environment())).rejects.toMatchObject({ name: 'KustomerKeyRefused' });
  });
});
