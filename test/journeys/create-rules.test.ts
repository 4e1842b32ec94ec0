import { beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, newKey, send, type Answer } from '../contract/local-system.ts';
import { objectId, stranger } from '../conversations/asked.ts';
import { allOf, dataOf, type Listed } from './bulk-client.ts';

beforeAll(async () => void (await localSystem()), 60_000);

/** Each test has a customer of its own, so that its list tells what the test did. */
const customerOf = (test: number) => objectId(0xc1000 + test);
const createWith = (key: string, customer: string, json: object, apiKey?: string) =>
  send('POST', `/v1/customers/${customer}/conversations`, {
    json,
    headers: { 'idempotency-key': key },
    ...(apiKey !== undefined && { key: apiKey }),
  });
const isReplayed = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true';
const reused = {
  status: 422,
  body: { errors: [{ code: 'idempotency_key_reused', source: { parameter: 'idempotency-key' } }] },
};

describe('an Idempotency-Key on a create', () => {
  it.each<[string, object]>([
    ['alone', { name: 'Once' }],
    ['with an id', { id: objectId(0xc2001), name: 'Once' }],
    ['with an externalId', { externalId: 'create-once' }],
    ['with both', { id: objectId(0xc2002), externalId: 'create-once-more' }],
  ])('%s answers the same request again with the first answer, and says so', async (title, body) => {
    const customer = customerOf(100 + title.length);
    const first = await createWith(`once ${title}`.replaceAll(' ', '-'), customer, body);
    expect(first.status).toBe(201);
    expect(isReplayed(first)).toBe(false);
    const again = await createWith(`once ${title}`.replaceAll(' ', '-'), customer, body);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.body).toEqual(first.body);
    expect(isReplayed(again)).toBe(true);
    expect(await allOf(customer)).toHaveLength(1);
  });

  it('works the same for the route with the customer in the body', async () => {
    const customer = customerOf(1);
    const create = () =>
      send('POST', '/v1/conversations', {
        json: { customer },
        headers: { 'idempotency-key': 'plain-route' },
      });
    const [first, again] = [await create(), await create()];
    expect(again.body).toEqual(first.body);
    expect([isReplayed(first), isReplayed(again)]).toEqual([false, true]);
    expect(await allOf(customer)).toHaveLength(1);
  });

  it('refuses another body, or another customer, with 422, and writes nothing', async () => {
    const [customer, other] = [customerOf(2), customerOf(3)];
    await createWith('another', customer, { name: 'One' });
    expect(await createWith('another', customer, { name: 'Two' })).toMatchObject(reused);
    expect(await createWith('another', customer, {})).toMatchObject(reused);
    expect(await createWith('another', other, { name: 'One' })).toMatchObject(reused);
    expect(await createWith('another', customer, { name: 'One', id: objectId(0xc2003) })).toMatchObject(
      reused,
    );
    expect(await allOf(customer)).toHaveLength(1);
    expect(await allOf(other)).toEqual([]);
    expect((await send('GET', `/v1/conversations/${objectId(0xc2003)}`)).status).toBe(404);
  });

  it('makes one conversation of thirty equal requests at once, each answered with it', async () => {
    const customer = customerOf(4);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => createWith('thirty', customer, { name: 'One', externalId: 'thirty' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(isReplayed)).toHaveLength(29);
    expect(await allOf(customer)).toHaveLength(1);
  }, 20_000);

  it('lets one of thirty different requests at once win, and refuses the others with 422', async () => {
    const customer = customerOf(5);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => createWith('race', customer, { name: `${n}` })),
    );
    const created = answers.filter(({ status }) => status === 201);
    expect(created).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(29);
    expect(await allOf(customer)).toEqual([dataOf<Listed>(created[0]!)]);
  }, 20_000);

  it('leaves the key free when the request is refused', async () => {
    const customer = customerOf(6);
    await createWith('holder', customer, { externalId: 'rules-held' });
    expect((await createWith('mended', customer, { priority: 9 })).status).toBe(400);
    expect((await createWith('mended', customer, { externalId: 'rules-held' })).status).toBe(409);
    const mended = await createWith('mended', customer, { externalId: 'rules-free' });
    expect(mended.status).toBe(201);
    expect(isReplayed(mended)).toBe(false);
  });

  it("is one key's own: neither another key's nor another organisation's", async () => {
    const customer = customerOf(7);
    const keys = [undefined, await newKey({}), await newKey(stranger)];
    const answers = await Promise.all(keys.map((key) => createWith('mine', customer, { name: 'Mine' }, key)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers.map(isReplayed)).toEqual([false, false, false]);
    expect(await allOf(customer)).toHaveLength(2);
  });

  it('says nothing of replaying when an externalId repeats without it: that is a conflict', async () => {
    const customer = customerOf(8);
    const create = () =>
      send('POST', `/v1/customers/${customer}/conversations`, { json: { externalId: 'rules-twice' } });
    const first = await create();
    expect(await create()).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'conflict', meta: { id: dataOf<Listed>(first).id } }] },
    });
  });
});
