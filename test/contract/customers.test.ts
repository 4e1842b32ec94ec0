import { beforeAll, describe, expect, it } from '@jest/globals';
import { signDelivery } from '../../functions/hooks/sign.ts';
import { sources } from '../../functions/hooks/sources.ts';
import { objectId, stranger } from '../conversations/asked.ts';
import { allOf, batchesOf, completed, submit } from '../journeys/bulk-client.ts';
import { conversationIn, errorsIn, type ConversationResource } from './answers.ts';
import { eventually, localSystem, newKey, send, signingSecret, type Answer } from './local-system.ts';

beforeAll(localSystem, 90_000);

type Ref = Record<string, string>;
const create = (customer: unknown, more: object = {}, options: { key?: string; once?: string } = {}) =>
  send('POST', '/v1/conversations', {
    json: { customer, ...more },
    ...(options.key !== undefined && { key: options.key }),
    ...(options.once !== undefined && { headers: { 'idempotency-key': options.once } }),
  });
const created = async (...asked: Parameters<typeof create>) => conversationIn(await create(...asked), 201);
const customerOf = ({ relationships }: ConversationResource) =>
  (relationships['customer'] as { data: { id: string } }).data.id;
const isReplayed = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true';

/** Delivers an event of Standard Webhooks whose customer is `ref`. */
async function deliver(ref: Ref, name: string): Promise<void> {
  const { url } = await localSystem();
  const data = { customer: ref, name };
  const body = Buffer.from(JSON.stringify({ type: 'a', timestamp: '2026-01-01T00:00:00Z', data }));
  const { headers } = signDelivery(
    sources['events']!.sender.scheme,
    await signingSecret('Events'),
    { body, headers: { 'content-type': 'application/json' }, method: 'POST', url: `${url}/v1/hooks/events` },
    { now: Date.now(), id: `customers ${name}` },
  );
  const answer = await send('POST', '/v1/hooks/events', {
    key: null,
    body,
    headers: headers as Record<string, string>,
  });
  expect(answer.status).toBe(202);
}

describe('a customer named in a body', () => {
  it.each<[string, Ref, Ref]>([
    ['id', { id: objectId(0xf8001) }, { id: objectId(0xf8001) }],
    ['email', { email: 'grace@example.com' }, { email: ' Grace@Example.com' }],
    ['phone', { phone: '+49 30 5550 199' }, { phone: '+49305550199' }],
    ['externalId', { externalId: 'crm-7 🦀' }, { externalId: 'crm-7 🦀' }],
  ])('by %s is the same for a create, in bulk and for a source', async (kind, ref, otherwise) => {
    const alone = await created(ref, { name: `${kind} alone` });
    const job = await submit([{ customer: otherwise, name: `${kind} in bulk` }]);
    await deliver(otherwise, `${kind} delivered`);
    await completed(job);
    const list = `/v1/customers/${customerOf(alone)}/conversations`;
    const answer = await eventually(
      () => send('GET', list),
      ({ body }) => (body as { data: object[] }).data.length === 3,
    );
    const { data } = answer.body as { data: ConversationResource[] };
    expect(data.map(({ attributes }) => attributes['name']).toSorted()).toEqual([
      `${kind} alone`,
      `${kind} delivered`,
      `${kind} in bulk`,
    ]);
  });

  it('is known by its id alone afterwards', async () => {
    const conversation = await created({ email: 'kept.by.id@example.com' }, { name: 'x' });
    expect(customerOf(conversation)).toMatch(/^[0-9a-f]{24}$/);
    const found = await send('GET', conversation.links.self);
    expect(conversationIn(found, 200)).toEqual(conversation);
    expect(JSON.stringify(found.body)).not.toContain('kept.by.id');
  });

  it('is each organisation’s own', async () => {
    const ref = { email: 'own@example.com' };
    const ours = await created(ref);
    const theirs = await created(ref, {}, { key: await newKey(stranger) });
    expect(customerOf(theirs)).not.toBe(customerOf(ours));
  });

  it('is given back in bulk as it was sent', async () => {
    const items = [
      { customer: { email: ' Echo@Example.com ' }, name: 'x' },
      { customer: { id: objectId(0xf8002) } },
      { customer: objectId(0xf8002) },
    ];
    const job = await submit(items);
    expect((await completed(job)).attributes.payload.api.data).toEqual(items);
    const [batch] = await batchesOf(job);
    expect(batch!.attributes).toMatchObject({ successCount: 3, failureCount: 0 });
    expect(batch!.attributes.payload.api.data).toEqual(items);
    expect(await allOf(objectId(0xf8002))).toHaveLength(2);
  });

  it('counts towards the limit of creates however it is named', async () => {
    const remaining = async (ref: unknown) =>
      Number((await create(ref)).headers.get('x-ratelimit-remaining'));
    for (const attempt of [1, 2, 3]) {
      const minute = Math.floor(Date.now() / 60_000);
      const email = `limit-${attempt}@example.com`;
      const first = await create({ email });
      const id = customerOf(conversationIn(first, 201));
      const left = [
        Number(first.headers.get('x-ratelimit-remaining')),
        await remaining({ email: email.toUpperCase() }),
        await remaining(id),
        await remaining({ id }),
      ];
      if (Math.floor(Date.now() / 60_000) !== minute) continue;
      return expect(left).toEqual([119, 118, 117, 116]);
    }
    throw new Error('Four creates take longer than a minute each time');
  });
});

describe('a customer named in a body with an Idempotency-Key', () => {
  it('is the same ask when it is only written otherwise', async () => {
    const email = 'once@example.com';
    const first = await create({ email }, { name: 'x' }, { once: 'customers-email' });
    for (const again of [{ email }, { email: ' Once@EXAMPLE.com' }]) {
      const answer = await create(again, { name: 'x' }, { once: 'customers-email' });
      expect(answer).toMatchObject({ status: 201, body: first.body });
      expect(isReplayed(answer)).toBe(true);
    }
    const id = objectId(0xf8003);
    const byText = await create(id, {}, { once: 'customers-id' });
    const byId = await create({ id }, {}, { once: 'customers-id' });
    expect(byId.body).toEqual(byText.body);
    expect([isReplayed(byText), isReplayed(byId)]).toEqual([false, true]);
    expect(await allOf(id)).toHaveLength(1);
  });

  it('is another ask when it is named by something else, even the id that follows from it', async () => {
    const ref = { externalId: 'customers-other' };
    const once = 'customers-other';
    const id = customerOf(await created(ref, {}, { once }));
    for (const other of [id, { id }, { email: 'customers@other.example' }, { externalId: 'another' }]) {
      errorsIn(await create(other, {}, { once }), 422, 'idempotency_key_reused');
    }
    expect(await allOf(id)).toHaveLength(1);
  });

  it('repeats a bulk job that is sent again', async () => {
    const headers = { 'idempotency-key': 'customers-bulk' };
    const items = [{ customer: { externalId: 'customers-bulk' } }];
    expect(await submit(items, { headers })).toBe(await submit(items, { headers }));
  });
});
