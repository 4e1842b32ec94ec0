import { beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, newKey, send } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { allOf, completed, dataOf, type JobData } from './bulk-client.ts';

beforeAll(async () => void (await localSystem()), 60_000);

describe('an Idempotency-Key on a bulk request', () => {
  const submitWith = (key: string, json: object[], options: { key?: string } = {}) =>
    send('POST', '/v1/conversations/bulk', { json, headers: { 'idempotency-key': key }, ...options });
  const itemsOf = (customer: string, count = 3) =>
    Array.from({ length: count }, (_, n) => ({ customer, name: `Item ${n}` }));

  it('answers the same request again with the first answer, and says so, while and after it is worked on', async () => {
    const customer = objectId(0xb5001);
    const first = await submitWith('repeat', itemsOf(customer));
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const soon = await submitWith('repeat', itemsOf(customer));
    await completed(dataOf<JobData>(first).id);
    const late = await submitWith('repeat', itemsOf(customer));
    for (const again of [soon, late]) {
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(await allOf(customer)).toHaveLength(3);
  });

  it('refuses another body with 422, and creates nothing of it', async () => {
    const customer = objectId(0xb5002);
    const first = await submitWith('other', itemsOf(customer));
    await completed(dataOf<JobData>(first).id);
    const others = [
      itemsOf(customer, 2),
      itemsOf(customer).toReversed(),
      itemsOf(customer).map((item) => ({ ...item, priority: 5 })),
    ];
    for (const other of others) {
      expect(await submitWith('other', other)).toMatchObject({
        status: 422,
        body: {
          errors: [{ status: 422, code: 'idempotency_key_reused', source: { parameter: 'idempotency-key' } }],
        },
      });
    }
    expect(await allOf(customer)).toHaveLength(3);
  });

  it('makes one job of thirty equal requests at once, each answered with it', async () => {
    const customer = objectId(0xb5003);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => submitWith('thirty', itemsOf(customer))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
    expect(replayed).toHaveLength(29);
    await completed(dataOf<JobData>(answers[0]!).id);
    expect(await allOf(customer)).toHaveLength(3);
  }, 20_000);

  it('leaves the key free when the body is refused', async () => {
    const customer = objectId(0xb5004);
    expect((await submitWith('refused', [{ customer, priority: 9 }])).status).toBe(400);
    const mended = await submitWith('refused', itemsOf(customer));
    expect(mended.status).toBe(201);
    expect(mended.headers.get('idempotency-replayed')).toBeNull();
  });

  it("is one key's own: another key's request is another job", async () => {
    const customer = objectId(0xb5005);
    const ids = await Promise.all(
      [undefined, await newKey({})].map(async (key) =>
        dataOf<JobData>(await submitWith('mine', itemsOf(customer), { ...(key !== undefined && { key }) })),
      ),
    );
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
    for (const { id } of ids) await completed(id);
    expect(await allOf(customer)).toHaveLength(6);
  });

  it('without it, the same request again is another job', async () => {
    const customer = objectId(0xb5006);
    const answers = [1, 2].map(() => send('POST', '/v1/conversations/bulk', { json: itemsOf(customer) }));
    const [first, second] = await Promise.all(answers);
    expect(dataOf<JobData>(first!).id).not.toBe(dataOf<JobData>(second!).id);
    for (const answer of [first!, second!]) await completed(dataOf<JobData>(answer).id);
    expect(await allOf(customer)).toHaveLength(6);
  });
});
