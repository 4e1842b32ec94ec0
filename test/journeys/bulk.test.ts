import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { localSystem, newKey, send } from '../contract/local-system.ts';
import { objectId, stranger } from '../conversations/asked.ts';
import { allOf, batchesOf, completed, dataOf, submit, type ItemResult, type JobData } from './bulk-client.ts';
import { bulkBatches, bulkCreated, bulkProgress } from './bulk-schema.ts';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const faultsOf = (schema: object, body: unknown) => (ajv.validate(schema, body) ? [] : ajv.errors);
const createRoles = ['org.user.conversation.write', 'org.permission.conversation.create'];
const readRoles = ['org.user.bulk.read', 'org.permission.bulk.read'];
/** Each test has a customer of its own, so that its list tells what the test did. */
const customerOf = (test: number) => objectId(0xb1000 + test);

beforeAll(async () => void (await localSystem()), 60_000);

describe('a bulk job', () => {
  it('answers the published example as published, at once and when it is complete', async () => {
    const customer = customerOf(1);
    const sent = ['convo1', 'convo2'].map((externalId) => ({ customer, externalId, name: 'Convo' }));
    const answer = await send('POST', '/v1/conversations/bulk', { json: sent });
    expect(answer.status).toBe(201);
    expect(faultsOf(bulkCreated, answer.body)).toEqual([]);
    const { id, attributes } = dataOf<JobData>(answer);
    expect(attributes).toMatchObject({
      ids: [],
      context: 'api.sobjects.conversations.bulk-create',
      status: 'queued',
      completed: false,
      payload: { api: { data: sent, path: '/v1/conversations', method: 'POST', service: 'sobjects' } },
    });
    await completed(id);
    const progress = await send('GET', `/v1/bulk/${id}`);
    expect(faultsOf(bulkProgress, progress.body)).toEqual([]);
    expect(dataOf<JobData>(progress)).toMatchObject({
      id,
      attributes: { status: 'complete', completedAt: expect.any(String), isLarge: false },
    });
    const batches = await send('GET', `/v1/bulk/${id}/batches`);
    expect(faultsOf(bulkBatches, batches.body)).toEqual([]);
    expect(batches.body).toMatchObject({ meta: { page: 1, pages: 1, count: 1, limit: 100 } });
    expect(dataOf<{ attributes: object }[]>(batches)[0]?.attributes).not.toHaveProperty('results');
    expect(await allOf(customer)).toHaveLength(2);
  });

  it('tells what became of each of its items in their order, those that clash included', async () => {
    const customer = customerOf(2);
    const taken = await send('POST', '/v1/conversations', { json: { customer, externalId: 'bulk-taken' } });
    const held = dataOf<{ id: string }>(taken).id;
    const clashing: Record<number, string> = {
      10: 'bulk-taken',
      40: 'near',
      41: 'near',
      30: 'far',
      230: 'far',
    };
    const items = Array.from({ length: 250 }, (_, index) => ({
      customer,
      name: `Item ${index}`,
      _clientRef: `ref-${index}`,
      ...(clashing[index] !== undefined && { externalId: clashing[index] }),
    }));
    const job = await submit(items);
    expect(await completed(job)).toMatchObject({
      attributes: { batchErrors: true, batches: { complete: 3, total: 3, idsTotal: 247 } },
    });
    const batches = await batchesOf(job);
    expect(batches.flatMap(({ attributes }) => attributes.payload.api.data)).toEqual(items);
    for (const { attributes } of batches) {
      const { results = [], objectIds, errors, successCount, failureCount } = attributes;
      const created = results.filter(({ status }) => status === 'created');
      expect(objectIds).toEqual(created.map(({ objectId }) => objectId));
      expect([successCount, failureCount]).toEqual([created.length, results.length - created.length]);
      expect(errors).toHaveLength(failureCount);
    }
    const results = batches.flatMap(({ attributes }) => attributes.results ?? []);
    expect(results.map(({ _clientRef }) => _clientRef)).toEqual(items.map(({ _clientRef }) => _clientRef));
    expect(results[10]).toEqual({
      _clientRef: 'ref-10',
      objectId: null,
      status: 'error',
      error: expect.stringContaining(held),
    });
    const createdOf = (...places: number[]) => places.filter((place) => results[place]?.status === 'created');
    expect(createdOf(40, 41)).toHaveLength(1);
    expect(createdOf(30, 230)).toHaveLength(1);
    const failed = results.flatMap(({ status }, index) => (status === 'error' ? [index] : []));
    expect(failed).toHaveLength(3);
    const errors = batches.flatMap(({ attributes }) => attributes.errors);
    expect(errors.map(({ data }) => data)).toMatchObject(
      failed.map((index) => ({ code: 'conflict', index, title: expect.stringContaining('duplicate') })),
    );
    // Each item that was created is in the list once, under the id that its result tells.
    const listed = (await allOf(customer)).filter(({ id }) => id !== held);
    expect(new Map(listed.map(({ attributes, id }) => [attributes.name, id]))).toEqual(idsByName(results));
    expect(listed).toHaveLength(247);
  });

  it('shows its batches by page, order and state', async () => {
    const job = await submit(Array.from({ length: 201 }, () => ({ customer: customerOf(3) })));
    await completed(job);
    const idsOf = async (query: string) => (await batchesOf(job, query)).map(({ id }) => id);
    const all = await idsOf('');
    expect(new Set(all).size).toBe(3);
    expect([...(await idsOf('?page=1&pageSize=2')), ...(await idsOf('?page=2&limit=2'))]).toEqual(all);
    expect(await idsOf('?sort=-createdAt')).toEqual(all.toReversed());
    expect(await idsOf('?status=complete&completed=true')).toEqual(all);
    expect(await idsOf('?status=queued')).toEqual([]);
    const refused = await send('GET', `/v1/bulk/${job}/batches?page=0&status=done`);
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ source: { parameter: 'page' } }, { source: { parameter: 'status' } }] },
    });
  });

  it.each([
    ['emoji', 0xb2001, '🦀 in a name'],
    ['a NUL', 0xb2002, 'a\u0000b'],
    ['what XML has no form for', 0xb2003, 'a\ufffeb\uffffc'],
    ['quotes and backslashes', 0xb2004, '"\\'.repeat(100)],
  ])('brings %s through the queue as it was sent', async (_, owner, text) => {
    const customer = objectId(owner);
    const job = await submit([{ customer, name: text }]);
    expect((await completed(job)).attributes.payload.api.data).toEqual([{ customer, name: text }]);
    expect((await allOf(customer)).map(({ attributes }) => attributes.name)).toEqual([text]);
  });

  it.each([
    ['plain text', 0xb3001, 'x'.repeat(990)],
    ['text of several bytes a character', 0xb3002, '字'.repeat(330)],
  ])(
    'may have 5 MB of %s',
    async (_, owner, text) => {
      const customer = objectId(owner);
      const custom = Object.fromEntries(Array.from({ length: 95 }, (_, n) => [`k${n}Str`, text]));
      const item = { customer, custom };
      const count = Math.floor((5 * 1024 * 1024 - 2) / (Buffer.byteLength(JSON.stringify(item)) + 1));
      const job = await submit(Array.from({ length: count }, () => item));
      expect(await completed(job)).toMatchObject({
        attributes: { batchErrors: false, batches: { idsTotal: count } },
      });
      const batches = await send('GET', `/v1/bulk/${job}/batches`);
      expect(batches.status).toBe(200);
    },
    20_000,
  );

  it('is refused whole when the 6 MB that Lambda takes cannot hold it, its quotation marks escaped', async () => {
    const customer = objectId(0xb4000);
    const custom = Object.fromEntries(Array.from({ length: 95 }, (_, n) => [`k${n}Str`, '"'.repeat(500)]));
    const json = Array.from({ length: 40 }, () => ({ customer, custom }));
    expect(await send('POST', '/v1/conversations/bulk', { json })).toMatchObject({ status: 413 });
    expect(await allOf(customer)).toEqual([]);
  });
});

describe('who may submit and follow a bulk job', () => {
  it.each(createRoles)('%s may submit it, but not follow it', async (role) => {
    const key = await newKey({ roles: [role] });
    const job = await submit([{ customer: customerOf(4) }], { key });
    for (const path of [`/v1/bulk/${job}`, `/v1/bulk/${job}/batches`]) {
      expect(await send('GET', path, { key })).toMatchObject({
        status: 403,
        body: { errors: [{ code: 'forbidden', meta: { roles: readRoles } }] },
      });
    }
  });

  it.each([...readRoles, 'org.user.bulk', 'org.permission'])('%s may follow it', async (role) => {
    const job = await submit([{ customer: customerOf(4) }]);
    const key = await newKey({ roles: [role] });
    for (const path of [`/v1/bulk/${job}`, `/v1/bulk/${job}/batches`]) {
      expect((await send('GET', path, { key })).status).toBe(200);
    }
  });

  it.each([...readRoles, 'org.user.conversation.read', 'org.hooks'])('%s may not submit it', async (role) => {
    const customer = customerOf(5);
    const key = await newKey({ roles: [role] });
    expect(await send('POST', '/v1/conversations/bulk', { key, json: [{ customer }] })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'forbidden', meta: { roles: createRoles } }] },
    });
    expect(await allOf(customer)).toEqual([]);
  });

  it('is to another organisation as if it were not there', async () => {
    const job = await submit([{ customer: customerOf(6) }]);
    const key = await newKey(stranger);
    for (const rest of ['', '/batches']) {
      const nothing = await send('GET', `/v1/bulk/${objectId(0xbad)}${rest}`, { key });
      expect(nothing).toMatchObject({ status: 404, body: { errors: [{ code: 'notfound' }] } });
      expect(await send('GET', `/v1/bulk/${job}${rest}`, { key })).toMatchObject({
        status: 404,
        body: nothing.body,
      });
    }
  });
});

function idsByName(results: readonly ItemResult[]): Map<string, string> {
  return new Map(
    results.flatMap(({ objectId: id }, index) => (id === null ? [] : [[`Item ${index}`, id] as const])),
  );
}
