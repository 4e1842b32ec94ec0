import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { KustomerBudget } from '../../functions/conversations/kustomer-budget.ts';
import { KustomerClient } from '../../functions/conversations/kustomer-client.ts';
import { KustomerKeyRefused, KustomerUnreachable } from '../../functions/conversations/kustomer-failures.ts';
import { Problem } from '../../functions/lambda/problem.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../servers/faulty-proxy.ts';

const now = Date.UTC(2026, 0, 1);
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await setImmediate();
};
const fine: Fault = { status: 200, body: '{"data":1}' };

describe('the client of Kustomer', () => {
  let vendor: FaultyProxy;
  let keys: (string | Error)[];
  let reads: number;
  let holdKey: Promise<void> | undefined;
  beforeAll(async () => {
    // Nothing is behind it: each test says what the vendor answers.
    vendor = await startFaultyProxy('http://127.0.0.1:9');
  });
  beforeEach(() => {
    vendor.reset();
    keys = ['key-1'];
    reads = 0;
    holdKey = undefined;
  });
  afterAll(() => vendor.close());

  const readKey = async () => {
    reads++;
    await holdKey;
    const key = keys.length > 1 ? keys.shift()! : keys[0]!;
    if (key instanceof Error) throw key;
    return key;
  };
  const newClient = (baseUrl = vendor.url) =>
    new KustomerClient({ baseUrl, readKey, budget: new KustomerBudget(0.2), random: () => 0 });
  const what = 'reading a conversation';
  const get = (client = newClient(), path = '/v1/conversations/1', time = 2000) =>
    client.get({ path, what, until: Date.now() + time });
  const thrown = async (answer: Promise<unknown>): Promise<Error> =>
    await answer.then(
      () => new Error('It did not throw'),
      (error: Error) => error,
    );
  /** All that a log would tell of an error. */
  const told = (error: unknown): string =>
    error instanceof Error
      ? `${JSON.stringify(error)} ${error.stack} ${error.message} ${told(error.cause)}`
      : String(error);

  it('sends the key in its header and nowhere else, and reads it once', async () => {
    vendor.spoil('GET', fine, fine);
    const client = newClient();
    expect(await get(client)).toEqual({ data: 1 });
    await get(client);
    expect(vendor.seen).toEqual([
      { method: 'GET', url: '/v1/conversations/1', authorization: 'Bearer key-1', bytes: 0 },
      { method: 'GET', url: '/v1/conversations/1', authorization: 'Bearer key-1', bytes: 0 },
    ]);
    expect(reads).toBe(1);
  });

  it('takes a key without the white space around it', async () => {
    keys = [' key-1\n'];
    vendor.spoil('GET', fine);
    await get();
    expect(vendor.seen[0]?.authorization).toBe('Bearer key-1');
  });

  it('reads the key anew after a 401, once, and goes on with it', async () => {
    keys = ['key-1', 'key-2'];
    vendor.spoil('GET', { status: 401 }, fine, fine);
    const client = newClient();
    expect(await get(client)).toEqual({ data: 1 });
    await get(client);
    expect(vendor.seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer key-1',
      'Bearer key-2',
      'Bearer key-2',
    ]);
  });

  it('reads the key once for all who are refused at the same time', async () => {
    keys = ['key-1', 'key-2'];
    const client = newClient();
    vendor.spoil('GET', fine);
    await get(client);
    vendor.spoil('GET', ...Array.from({ length: 5 }, () => ({ status: 401 })));
    vendor.spoil('GET', ...Array.from({ length: 5 }, () => fine));
    // The vendor has heard of all five before any of them goes on.
    holdKey = until(() => vendor.seen.length === 6);
    await Promise.all(Array.from({ length: 5 }, () => get(client)));
    expect(reads).toBe(2);
  });

  it.each([
    ['401, and no other key', { status: 401, body: '{"errors":[{"title":"key-1 is bad"}]}' }, 1],
    ['403', { status: 403, body: '<html>key-1</html>' }, 1],
  ])('says what to do when the key is refused: %s', async (_, fault, requests) => {
    vendor.spoil('GET', fault);
    const error = await thrown(get());
    expect(error).toBeInstanceOf(KustomerKeyRefused);
    expect(error.message).toContain('KustomerApiKeySecret');
    expect(error.message).toContain(`${fault.status} to reading a conversation`);
    expect(vendor.seen).toHaveLength(requests);
  });

  it.each([
    ['empty', ''],
    ['of two lines', 'key-1\nkey-2'],
    ['not in ASCII', 'ключ'],
  ])('sends no key that is %s', async (_, key) => {
    keys = [key];
    const error = await thrown(get());
    expect(error).toBeInstanceOf(KustomerKeyRefused);
    if (key !== '') expect(told(error)).not.toContain(key);
    expect(vendor.seen).toEqual([]);
  });

  it('tells why there is no key, and reads it anew the next time', async () => {
    keys = [new Error('No such secret'), 'key-1'];
    vendor.spoil('GET', fine);
    const client = newClient();
    await expect(get(client)).rejects.toThrow('No such secret');
    expect(await get(client)).toEqual({ data: 1 });
  });

  const failing: [string, Fault][] = [
    ['500', { status: 500, body: 'key-1' }],
    ['a reset connection', 'reset before'],
    ['a body that is not JSON', { status: 200, body: '<html>key-1</html>' }],
    ['truncated JSON', { status: 200, body: '{"data":{"id":"key-1' }],
    ['an empty body', { status: 200 }],
    ['a redirection', { status: 302, headers: { location: 'https://elsewhere.example.com' } }],
    ['a page that is not found, not by Kustomer', { status: 404, body: '<html>Not Found</html>' }],
  ];

  it.each(failing)('reads again after %s, at most twice', async (_, fault) => {
    vendor.spoil('GET', fault, fault, fine);
    expect(await get()).toEqual({ data: 1 });
    vendor.spoil('GET', fault, fault, fault);
    expect(await thrown(get())).toBeInstanceOf(KustomerUnreachable);
    expect(vendor.seen).toHaveLength(6);
  });

  it.each([...failing, ['400', { status: 400, body: '{"errors":[{"title":"not key-1"}]}' }]] as [
    string,
    Fault,
  ][])('never tells the key, after %s', async (_, fault) => {
    vendor.spoil('GET', fault, fault, fault);
    expect(told(await thrown(get()))).not.toContain('key-1');
    expect(vendor.seen.map(({ url }) => url).join()).not.toContain('key-1');
  });

  it('does not send once what may have been done, and is not a reading', async () => {
    vendor.spoil('POST', { status: 502 });
    const request = { method: 'POST', path: '/v1/customers/1/conversations', body: {}, what } as const;
    await expect(newClient().send({ ...request, until: Date.now() + 2000 })).rejects.toThrow('502');
    expect(vendor.seen).toHaveLength(1);
  });

  it('gives up within its time, and begins nothing without', async () => {
    vendor.spoil('GET', 'stalled before', 'stalled before', 'stalled before');
    const began = performance.now();
    expect((await thrown(get(newClient(), '/v1/x', 400))).message).toMatch(/no answer within \d+ ms|no time/);
    expect(performance.now() - began).toBeLessThan(800);
    vendor.reset();
    expect((await thrown(get(newClient(), '/v1/x', 10))).message).toContain('no time is left');
    expect(vendor.seen).toEqual([]);
  });

  it('tells nothing of the path, which may hold what a customer is called elsewhere', async () => {
    vendor.spoil('GET', { status: 500 }, { status: 500 }, { status: 500 });
    const error = await thrown(get(newClient(), '/v1/conversations/externalId=jane%40example.com'));
    expect(told(error)).not.toContain('jane');
  });

  it('throws what nobody answers', async () => {
    expect(await thrown(get(newClient('http://127.0.0.1:9')))).toBeInstanceOf(KustomerUnreachable);
  });

  it('does not repeat what is refused', async () => {
    vendor.spoil('GET', { status: 400, body: '{"errors":[{"code":"badparam","message":"No"}]}' });
    expect(await thrown(get())).toBeInstanceOf(Problem);
    vendor.spoil('GET', { status: 429, headers: { 'x-ratelimit-reset': '1' } });
    expect(await thrown(get())).toMatchObject({ status: 429 });
    expect(vendor.seen).toHaveLength(2);
  });

  it('waits longer at most before each repetition, and not beyond its time', async () => {
    const budget = new KustomerBudget(0.2);
    const settings = { baseUrl: vendor.url, readKey, budget, now: () => now, random: () => 1 };
    const client = new KustomerClient(settings);
    expect(await client.pauseBefore(0, now + 249)).toBe(false);
    expect(await client.pauseBefore(1, now + 849)).toBe(false);
    expect(await client.pauseBefore(2, now + 60_000)).toBe(false);
    const began = performance.now();
    expect(await client.pauseBefore(0, now + 250)).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(190);
  });
});
