import { beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, newKey, send, type Answer } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { allOf, completed, submit } from './bulk-client.ts';

beforeAll(async () => void (await localSystem()), 60_000);

const limit = 120;
const customerOf = (test: number) => objectId(0xd1000 + test);
const create = (
  customer: string,
  json: object = {},
  more: { key?: string; headers?: Record<string, string> } = {},
) => send('POST', `/v1/customers/${customer}/conversations`, { json, ...more });
const remainingOf = ({ headers }: Answer) => Number(headers.get('x-ratelimit-remaining'));
const secondsLeft = () => 60 - ((Date.now() / 1000) % 60);

/** Waits for the next minute of the clock when this one is nearly over: what follows has to fall in one minute. */
async function withinOneMinute(seconds: number): Promise<void> {
  const left = secondsLeft();
  if (left < seconds) await new Promise((resolve) => setTimeout(resolve, left * 1000 + 50));
}

/** Creates so many conversations for a customer, some at once. */
async function createMany(count: number, customer: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) {
    const some = Math.min(20, count - answers.length);
    answers.push(...(await Promise.all(Array.from({ length: some }, () => create(customer)))));
  }
  return answers;
}

describe('the limit of creates for one customer by one key', () => {
  it('is told by every ordinary answer, and counts down', async () => {
    await withinOneMinute(5);
    const answers = [await create(customerOf(1)), await create(customerOf(1))];
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['120', '120']);
    expect(answers.map(remainingOf)).toEqual([119, 118]);
    for (const { headers } of answers) expect(headers.get('retry-after')).toBeNull();
  }, 20_000);

  it('lets 120 of a minute through and refuses the rest, of this key and customer alone', async () => {
    const customer = customerOf(2);
    await withinOneMinute(25);
    const answers = await createMany(limit, customer);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(answers.map(remainingOf).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: limit }, (_, remaining) => remaining),
    );
    const before = Date.now() / 1000;
    const refused = await create(customer);
    const minuteEnds = Math.ceil(before / 60) * 60;
    expect(refused).toMatchObject({
      status: 429,
      body: { errors: [{ status: 429, code: 'rate_limited', title: expect.stringContaining('120') }] },
    });
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(minuteEnds),
    });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(Math.abs(before + wait - minuteEnds)).toBeLessThanOrEqual(2);
    expect(await allOf(customer)).toHaveLength(limit);

    const others = [
      await create(customerOf(3)),
      await create(customer, {}, { key: await newKey({}) }),
      await create(customer, { importedAt: '2020-01-01T00:00:00Z' }),
    ];
    expect(others.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(others[2]!.headers.get('x-ratelimit-remaining')).toBeNull();
    await completed(await submit([{ customer }]));
    expect((await create(customer)).status).toBe(429);
    expect(await allOf(customer)).toHaveLength(limit + 3);
  }, 120_000);

  it('is not spent by what is imported, sent in bulk, refused or repeated', async () => {
    const customer = customerOf(4);
    await withinOneMinute(15);
    const once = { headers: { 'idempotency-key': 'limit-once' } };
    const spent = [await create(customer, { externalId: 'limit-held' }), await create(customer, {}, once)];
    expect(spent.map(remainingOf)).toEqual([119, 118]);
    const free = [
      await create(customer, { importedAt: '2020-01-01T00:00:00Z' }),
      await create(customer, { priority: 9 }),
      await create(customer, { externalId: 'limit-held' }),
      await create(customer, {}, once),
      await create(customer, { name: 'Other' }, once),
    ];
    expect(free.map(({ status }) => status)).toEqual([201, 400, 409, 201, 422]);
    await completed(await submit(Array.from({ length: 5 }, () => ({ customer }))));
    expect(remainingOf(await create(customer))).toBe(117);
  }, 40_000);
});
