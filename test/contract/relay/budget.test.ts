import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Postponed } from '../../../functions/conversations/postponed.ts';
import { delivered, kindsOf } from '../../conformance/conversation-store-create.ts';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../../servers/faulty-proxy.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

// Some of these wait for a reset.
jest.setTimeout(30_000);

const many = (count: number) => Array.from({ length: count }, (_, n) => delivered(`event-${n}`));
const inSeconds = (wait: number) => String(Math.ceil(Date.now() / 1000) + wait);
const left = (remaining: number, wait: number): Fault => ({
  adding: {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': inSeconds(wait),
  },
});

describe('many creates at Kustomer', () => {
  let vendor: Vendor;
  let proxy: FaultyProxy;
  let key: string;
  beforeAll(async () => {
    vendor = await openVendor();
    proxy = await startFaultyProxy(vendor.url);
  }, 90_000);
  beforeEach(async () => {
    proxy.reset();
    key = await vendor.newOrganisation();
  });
  afterAll(async () => {
    await proxy.close();
    vendor.close();
  });

  it('stop at the reserve until the budget is full again, and meet no 429', async () => {
    proxy.spoil('POST', left(100, 2));
    const began = Date.now();
    const outcomes = await storeAt(proxy.url, key).createMany(many(20));
    expect(kindsOf(outcomes)).toEqual({ created: 20 });
    // Rounded up to whole seconds.
    expect(Date.now() - began).toBeGreaterThan(1900);
  });

  it('wait for the reset after a 429, and then are made, once each', async () => {
    proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': inSeconds(2) } });
    const began = Date.now();
    const outcomes = await storeAt(proxy.url, key).createMany(many(20));
    expect(kindsOf(outcomes)).toEqual({ created: 20 });
    expect(Date.now() - began).toBeGreaterThan(1900);
    expect(proxy.seen).toHaveLength(21);
  });

  it('are put off until the reset when there is no time to wait for it, and none of them is sent', async () => {
    proxy.spoil('POST', left(100, 60));
    const store = storeAt(proxy.url, key);
    await store.createMany(many(1));
    const outcomes = await store.createMany(many(5));
    expect(kindsOf(outcomes)).toEqual({ failed: 5 });
    for (const outcome of outcomes) {
      const error = outcome.kind === 'failed' ? outcome.error : undefined;
      expect(error).toBeInstanceOf(Postponed);
      expect((error as Postponed).until - Date.now()).toBeGreaterThan(55_000);
    }
    expect(proxy.seen).toHaveLength(1);
  });

  it('go on below the reserve when the stage reserves nothing', async () => {
    proxy.spoil('POST', left(1, 60));
    const store = storeAt(proxy.url, key, { reservedShare: 0 });
    expect(kindsOf(await store.createMany(many(5)))).toEqual({ created: 5 });
  });

  it('are put off when their time runs out, those first that come last', async () => {
    const outcomes = await storeAt(proxy.url, key, { time: 5100 }).createMany(many(100));
    const kinds = outcomes.map(({ kind }) => kind);
    expect(kinds[0]).toBe('created');
    expect(kinds.at(-1)).toBe('failed');
    expect(outcomes.at(-1)).toHaveProperty('error.name', 'Postponed');
  });

  it('stop at a key that is refused: all others are put off and not sent', async () => {
    const outcomes = await storeAt(proxy.url, 'ci_bad').createMany(many(50));
    expect(kindsOf(outcomes)).toEqual({ failed: 50 });
    for (const outcome of outcomes) expect(outcome).toHaveProperty('error.name', 'Postponed');
    expect(outcomes[49]).toHaveProperty('error.cause.name', 'KustomerKeyRefused');
    expect(proxy.seen.length).toBeLessThanOrEqual(8);
  });

  it('fail on their own where the vendor refuses one, in its own words', async () => {
    const [first, second] = many(2);
    const refused = { status: 400, body: '{"errors":[{"code":"badparam","title":"No such attribute"}]}' };
    proxy.spoil('POST', refused);
    const outcomes = await storeAt(proxy.url, key).createMany([first!, second!]);
    expect(kindsOf(outcomes)).toEqual({ created: 1, failed: 1 });
    expect(outcomes.find(({ kind }) => kind === 'failed')).toMatchObject({
      error: { status: 400, code: 'badparam', message: 'No such attribute' },
    });
  });

  it('are told of a 429 when they are asked for one by one, with the reset', async () => {
    const reset = inSeconds(30);
    proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    await expect(storeAt(proxy.url, key).create(delivered('event-1'))).rejects.toMatchObject({
      status: 429,
      headers: { 'x-ratelimit-reset': reset },
    });
    expect(proxy.seen).toHaveLength(1);
  });
});
