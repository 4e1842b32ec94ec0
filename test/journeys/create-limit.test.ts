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
const minuteNow = () => Math.floor(Date.now() / 60_000);

/**
 * What `act` gives when all of it falls into one minute of the clock, of which it must take a small part; tried again, with
 * another customer, when a minute ended on the way.
 */
async function inOneMinute<Found>(test: number, act: (customer: string) => Promise<Found>): Promise<Found> {
  for (const attempt of [1, 2, 3]) {
    const minute = minuteNow();
    const found = await act(customerOf(test * 16 + attempt));
    if (minuteNow() === minute) return found;
  }
  throw new Error('What is to be done in one minute takes longer each time');
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
    const answers = await inOneMinute(1, async (customer) => [
      await create(customer),
      await create(customer),
    ]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['120', '120']);
    expect(answers.map(remainingOf)).toEqual([119, 118]);
    for (const { headers } of answers) expect(headers.get('retry-after')).toBeNull();
  });

  it('lets 120 of a minute through and refuses the rest, of this key and customer alone', async () => {
    const otherKey = await newKey({});
    const found = await inOneMinute(2, async (customer) => ({
      customer,
      answers: await createMany(limit, customer),
      refusedAt: Date.now() / 1000,
      refused: await create(customer),
      others: [
        await create(customerOf(1000 + minuteNow())),
        await create(customer, {}, { key: otherKey }),
        await create(customer, { importedAt: '2020-01-01T00:00:00Z' }),
      ],
      job: await submit([{ customer }]),
      stillRefused: await create(customer),
    }));
    const { customer, answers, refusedAt, refused, others, job, stillRefused } = found;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(answers.map(remainingOf).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: limit }, (_, remaining) => remaining),
    );
    const minuteEnds = Math.ceil(refusedAt / 60) * 60;
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
    expect(Math.abs(refusedAt + wait - minuteEnds)).toBeLessThanOrEqual(2);
    expect(others.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(others[2]!.headers.get('x-ratelimit-remaining')).toBeNull();
    expect(stillRefused.status).toBe(429);
    await completed(job);
    expect(await allOf(customer)).toHaveLength(limit + 3);
  }, 60_000);

  it('is not spent by what is imported, sent in bulk, refused or repeated', async () => {
    const found = await inOneMinute(3, async (customer) => {
      const externalId = `held by ${customer}`;
      const once = { headers: { 'idempotency-key': customer } };
      return {
        spent: [await create(customer, { externalId }), await create(customer, {}, once)],
        free: [
          await create(customer, { importedAt: '2020-01-01T00:00:00Z' }),
          await create(customer, { priority: 9 }),
          await create(customer, { externalId }),
          await create(customer, {}, once),
          await create(customer, { name: 'Other' }, once),
        ],
        job: await completed(await submit(Array.from({ length: 5 }, () => ({ customer })))),
        last: await create(customer),
      };
    });
    expect(found.spent.map(remainingOf)).toEqual([119, 118]);
    expect(found.free.map(({ status }) => status)).toEqual([201, 400, 409, 201, 422]);
    expect(remainingOf(found.last)).toBe(117);
  }, 30_000);
});
