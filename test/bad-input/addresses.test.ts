import { beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, newKey, send } from '../contract/local-system.ts';
import { objectId, stranger } from '../conversations/asked.ts';
import { allOf } from '../journeys/bulk-client.ts';
import { expectRefusal, sendRaw } from './refusal.ts';

let bearer: string;
beforeAll(async () => {
  bearer = `Bearer ${(await localSystem()).key}`;
}, 60_000);

const customer = objectId(0xe4000);
const list = (query: string, of = customer, key?: string) =>
  send('GET', `/v1/customers/${of}/conversations${query}`, key === undefined ? {} : { key });
const raw = (method: string, path: string, body?: string) =>
  sendRaw(
    method,
    path,
    [
      ['authorization', bearer],
      ['content-type', 'application/json'],
    ],
    body,
  );

describe('the query of a list', () => {
  it.each(['page', 'pageSize'])('refuses a %s that is no whole number from 1', async (parameter) => {
    for (const value of ['0', '-1', '1.5', 'abc', '', '1e3', '0x10', '%201', '9'.repeat(40), 'Infinity']) {
      expectRefusal(await list(`?${parameter}=${value}`), 400, 'bad_request', [parameter]);
    }
  });

  it.each(['yesterday', '2020-01-01', '2020-02-30T00:00:00Z', '', '1577836800'])(
    'refuses %j for fromDate',
    async (value) => {
      expectRefusal(await list(`?fromDate=${value}`), 400, 'bad_request', ['fromDate']);
    },
  );

  it('tells everything that is wrong at once', async () => {
    const answer = await list('?page=0&pageSize=abc&fromDate=never&cursor=none');
    expectRefusal(answer, 400, 'bad_request', ['page', 'pageSize', 'fromDate', 'cursor']);
  });

  it('refuses a parameter that is given twice with different values', async () => {
    expectRefusal(await list('?page=1&page=2'), 400, 'bad_request', ['page']);
  });

  it('ignores parameters that it does not know, and does not repeat them in links', async () => {
    const answer = await list('?sort=asc&page=1&__proto__=1&constructor[x]=2&page[size]=3');
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toMatch(/sort|__proto__|constructor|size\]/);
  });

  it('serves the farthest page as an empty one', async () => {
    expect(await list(`?page=${Number.MAX_SAFE_INTEGER}`)).toMatchObject({
      status: 200,
      body: { data: [], links: { next: null } },
    });
  });
});

describe('a cursor', () => {
  const owner = objectId(0xe4001);
  const other = objectId(0xe4002);
  let theirs: string;
  const cursorOf = (link: string | null) =>
    new URL(link ?? '', 'http://host').searchParams.get('cursor') ?? '';
  const linksOf = async (path: string, key?: string) => {
    const { body } = await send('GET', path, key === undefined ? {} : { key });
    return (body as { links: { next: string | null; prev: string | null } }).links;
  };
  beforeAll(async () => {
    theirs = await newKey(stranger);
    const importedAt = '2020-01-01T00:00:00Z';
    for (const [path, key] of [[owner], [other], [owner, theirs]]) {
      for (const year of [2001, 2002, 2003]) {
        await send('POST', `/v1/customers/${path}/conversations`, {
          json: { createdAt: `${year}-01-01T00:00:00Z`, importedAt },
          ...(key !== undefined && { key }),
        });
      }
    }
  });
  const firstPage = (of: string) => `/v1/customers/${of}/conversations?pageSize=1`;

  it('works in the list that gave it', async () => {
    const cursor = cursorOf((await linksOf(firstPage(owner))).next);
    expect(await list(`?pageSize=1&page=2&cursor=${cursor}`, owner)).toMatchObject({
      status: 200,
      body: { data: [{ attributes: { createdAt: '2002-01-01T00:00:00.000Z' } }] },
    });
  });

  it('is refused when somebody altered it', async () => {
    const cursor = cursorOf((await linksOf(firstPage(owner))).next);
    const altered = [0, 10, 25, cursor.length - 1].map((at) => {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      return cursor.slice(0, at) + other + cursor.slice(at + 1);
    });
    const malformed = [
      '',
      'x',
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}=`,
      '%00',
      '🦀',
    ];
    for (const each of [...altered, ...malformed]) {
      expectRefusal(await list(`?cursor=${each}`, owner), 400, 'bad_request', ['cursor']);
    }
  });

  it("is refused in another customer's list", async () => {
    const cursor = cursorOf((await linksOf(firstPage(owner))).next);
    expectRefusal(await list(`?cursor=${cursor}`, other), 400, 'bad_request', ['cursor']);
  });

  it("is refused in another organisation's list of the same customer", async () => {
    const cursor = cursorOf((await linksOf(firstPage(owner), theirs)).next);
    expectRefusal(await list(`?cursor=${cursor}`, owner), 400, 'bad_request', ['cursor']);
    expect((await list(`?cursor=${cursor}`, owner, theirs)).status).toBe(200);
  });

  it('with a fromDate that it lies before gives what is there from that date, or nothing', async () => {
    const { next } = await linksOf(firstPage(owner));
    const last = await linksOf((await linksOf(next ?? '')).next ?? '');
    for (const cursor of [cursorOf(next), cursorOf(last.prev)]) {
      for (const fromDate of ['2002-06-01T00:00:00Z', '2030-01-01T00:00:00Z']) {
        expect((await list(`?pageSize=1&cursor=${cursor}&fromDate=${fromDate}`, owner)).status).toBe(200);
      }
    }
  });
});

describe('an id in the path', () => {
  const upper = 'ABCDEF'.repeat(4);

  it.each([
    ['in upper case', upper],
    ['too short', 'abc'],
    ['too long', `${customer}0`],
    ['not hex', 'g'.repeat(24)],
    ['with a blank', `${customer.slice(1)}%20`],
    ['with a NUL', `${customer.slice(1)}%00`],
    ['of 3,000 characters', 'a'.repeat(3000)],
    ['with a line feed behind', `${customer}%0a`],
  ])('of a customer is refused when it is %s', async (_, id) => {
    expectRefusal(await raw('GET', `/v1/customers/${id}/conversations`), 400, 'bad_request', ['id']);
    expectRefusal(await raw('POST', `/v1/customers/${id}/conversations`, '{}'), 400, 'bad_request', ['id']);
  });

  it('is told together with the faults of the body', async () => {
    const answer = await raw('POST', `/v1/customers/${upper}/conversations`, '{"priority":0}');
    expectRefusal(answer, 400, 'bad_request', ['id', '/priority']);
  });

  it.each([
    ['in upper case', upper],
    ['of nothing there', objectId(0xe4fff)],
    ['with a slash in it', 'a%2Fb'],
    ['that climbs', '..%2f..%2fbulk'],
    ['with a NUL', '%00'],
    ['of 3,000 characters', 'a'.repeat(3000)],
    ['that is a word', 'bulk'],
    ['that is a prototype', '__proto__'],
    ['of an externalId that nobody has', 'externalId=nobody%2Fhas-this'],
    ['of an externalId of 3,000 characters', `externalId=${'a'.repeat(3000)}`],
  ])('of a conversation is not found when it is %s', async (_, id) => {
    expectRefusal(await raw('GET', `/v1/conversations/${id}`), 404, 'notfound', [undefined]);
  });

  it.each([
    ['in upper case', upper],
    ['of 3,000 characters', 'a'.repeat(3000)],
    ['with a NUL', '%00'],
    ['with a hash', 'a%23batch'],
  ])('of a bulk job is not found when it is %s', async (_, id) => {
    expectRefusal(await raw('GET', `/v1/bulk/${id}`), 404, 'notfound', [undefined]);
    expectRefusal(await raw('GET', `/v1/bulk/${id}/batches`), 404, 'notfound', [undefined]);
  });

  it.each([
    ['GET', `/v1/customers/${customer}%2Fx/conversations`],
    ['POST', `/v1/customers/${customer}%2F..%2F${customer}/conversations`],
    ['GET', '/v1/bulk/a%2Fb'],
    ['POST', '/v1%2Fconversations%2Fother'],
    ['DELETE', `/v1/customers/${customer}/conversations`],
    ['GET', '/'],
  ])('is no way to another route: %s %s', async (method, path) => {
    expectRefusal(await raw(method, path, method === 'POST' ? '{}' : ''), 404, 'notfound', [undefined]);
  });

  it.each(['/v1/customers/%zz/conversations', '/v1/customers/%/conversations', '/v1/bulk/%e2%82'])(
    'is refused before any function runs when its escapes are malformed: %s',
    async (path) => {
      expect((await raw('GET', path)).status).toBe(400);
    },
  );

  it('wrote nothing for any of them', async () => {
    expect(await allOf(customer)).toEqual([]);
  });
});
