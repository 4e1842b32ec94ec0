import { beforeAll, describe, expect, it } from '@jest/globals';
import { objectId, stranger } from '../conversations/asked.ts';
import { conversationIn, errorsIn, expectHeaders, placesIn, type ConversationResource } from './answers.ts';
import { localSystem, newKey, send, type Answer } from './local-system.ts';
import { expectPublished } from './response-schemas.ts';

interface List {
  meta: { page: number; pageSize: number };
  data: ConversationResource[];
  links: { self: string; first: string; prev: string | null; next: string | null };
}

const customer = objectId(0x11);
const path = `/v1/customers/${customer}/conversations`;
const count = 25;
const dayOf = (index: number) => `2020-01-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`;
const idOf = (index: number) => objectId(0x1100 + index);
const newestFirst = Array.from({ length: count }, (_, index) => idOf(count - 1 - index));

function listIn(answer: Answer): List {
  expect(answer).toMatchObject({ status: 200 });
  expectPublished('conversations', answer.body);
  expectHeaders(answer);
  return answer.body as List;
}
const list = async (query = '', of = path) => listIn(await send('GET', of + query));
const idsIn = ({ data }: List) => data.map(({ id }) => id);

describe('listing a customer’s conversations', () => {
  beforeAll(async () => {
    await localSystem();
    const importedAt = dayOf(0);
    const creates = Array.from({ length: count }, (_, index) =>
      send('POST', path, { json: { id: idOf(index), createdAt: dayOf(index), importedAt } }),
    );
    for (const created of await Promise.all(creates)) conversationIn(created, 201);
  }, 90_000);

  it('shows all, newest first, each as it shows alone', async () => {
    const all = await list();
    expect(idsIn(all)).toEqual(newestFirst);
    expect(all.meta).toEqual({ page: 1, pageSize: 100 });
    const self = `${path}?page=1&pageSize=100`;
    expect(all.links).toEqual({ self, first: self, prev: null, next: null });
    expect(conversationIn(await send('GET', all.data[0]!.links.self), 200)).toEqual(all.data[0]);
  });

  it('answers the published example request', async () => {
    const query = '?page=1&pageSize=100&fromDate=2016-11-09T00:00:00.000Z';
    const { links } = await list(query);
    expect(links).toEqual({ self: path + query, first: path + query, prev: null, next: null });
  });

  it('leads through all pages by next, and back by prev, each conversation once', async () => {
    const pages = [await list('?pageSize=10')];
    for (let { next } = pages[0]!.links; next !== null; next = pages.at(-1)!.links.next) {
      pages.push(listIn(await send('GET', next)));
    }
    expect(pages.map(({ data }) => data.length)).toEqual([10, 10, 5]);
    expect(pages.map(({ meta }) => meta)).toEqual([1, 2, 3].map((page) => ({ page, pageSize: 10 })));
    expect(pages.flatMap(idsIn)).toEqual(newestFirst);
    const back = [pages[2]!];
    for (let { prev } = pages[2]!.links; prev !== null; prev = back.at(-1)!.links.prev) {
      back.push(listIn(await send('GET', prev)));
    }
    expect(back.reverse().map(({ data }) => data)).toEqual(pages.map(({ data }) => data));
    expect(idsIn(listIn(await send('GET', pages[2]!.links.first)))).toEqual(idsIn(pages[0]!));
  });

  it('has any page by its number', async () => {
    expect(idsIn(await list('?page=2&pageSize=10'))).toEqual(newestFirst.slice(10, 20));
    expect(idsIn(await list('?page=25&pageSize=1'))).toEqual(newestFirst.slice(24));
  });

  it('has nothing past the end, and goes no further', async () => {
    for (const page of [4, 1000]) {
      const past = await list(`?page=${page}&pageSize=10`);
      expect(past.data).toEqual([]);
      expect(past.links.next).toBeNull();
    }
  });

  it('keeps what was created at or after fromDate, on every page', async () => {
    expect(idsIn(await list(`?fromDate=${dayOf(20)}`))).toEqual(newestFirst.slice(0, 5));
    expect(idsIn(await list('?fromDate=2020-01-21T00:00:00.001Z'))).toEqual(newestFirst.slice(0, 4));
    expect(idsIn(await list('?fromDate=2020-01-21T02:00:00%2B02:00'))).toEqual(newestFirst.slice(0, 5));
    expect(idsIn(await list('?fromDate=2020-01-21T02:00:00+02:00'))).toEqual(newestFirst.slice(0, 5));
    const first = await list(`?pageSize=3&fromDate=${dayOf(20)}`);
    const second = listIn(await send('GET', first.links.next ?? ''));
    expect([...idsIn(first), ...idsIn(second)]).toEqual(newestFirst.slice(0, 5));
    expect(second.links.next).toBeNull();
  });

  it('serves a pageSize above 100 as 100, and says so', async () => {
    const { meta, links } = await list('?pageSize=500');
    expect(meta).toEqual({ page: 1, pageSize: 100 });
    expect(links.self).toBe(`${path}?page=1&pageSize=100`);
  });

  it('ignores parameters it does not know, and does not repeat them', async () => {
    const { data, links } = await list('?sort=asc&page[size]=1&pageSize=5');
    expect(data).toHaveLength(5);
    expect(links.self).toBe(`${path}?page=1&pageSize=5`);
  });

  it.each([
    ['?page=0', ['page']],
    ['?pageSize=0', ['pageSize']],
    ['?page=1&page=2', ['page']],
    ['?fromDate=yesterday', ['fromDate']],
    ['?cursor=x', ['cursor']],
    ['?page=x&pageSize=&fromDate=&cursor=', ['page', 'pageSize', 'fromDate', 'cursor']],
  ])('is refused for %s, every fault at once', async (query, parameters) => {
    const answer = await send('GET', path + query);
    expect(placesIn(errorsIn(answer, 400, 'bad_request'))).toEqual(parameters);
    expectHeaders(answer);
  });

  it('is refused for a cursor that was changed, or that another list gave', async () => {
    const { links } = await list('?pageSize=10');
    const next = new URL(links.next ?? '', 'http://localhost');
    const cursor = next.searchParams.get('cursor') ?? '';
    const changed = cursor.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    errorsIn(await send('GET', `${path}?cursor=${changed}`), 400, 'bad_request');
    const elsewhere = `/v1/customers/${objectId(0x12)}/conversations`;
    errorsIn(await send('GET', `${elsewhere}?cursor=${cursor}`), 400, 'bad_request');
    const key = await newKey(stranger);
    errorsIn(await send('GET', `${path}?cursor=${cursor}`, { key }), 400, 'bad_request');
  });

  it('takes a cursor together with a fromDate that excludes it', async () => {
    const first = await list('?pageSize=10');
    const second = listIn(await send('GET', first.links.next ?? ''));
    for (const link of [second.links.next, second.links.prev]) {
      const url = new URL(link ?? '', 'http://localhost');
      url.searchParams.set('fromDate', dayOf(22));
      const answer = await send('GET', url.pathname + url.search);
      if (answer.status === 400) expect(placesIn(errorsIn(answer, 400, 'bad_request'))).toEqual(['cursor']);
      else
        for (const { attributes } of listIn(answer).data)
          expect(attributes['createdAt']).toMatch(/^2020-01-2[345]/);
    }
  });

  it('is empty for a customer without conversations, and for another organisation', async () => {
    expect((await list('', `/v1/customers/${objectId(0x13)}/conversations`)).data).toEqual([]);
    const key = await newKey(stranger);
    expect(listIn(await send('GET', path, { key })).data).toEqual([]);
  });

  it('needs a well-formed customer, a key and a role', async () => {
    const malformed = await send('GET', '/v1/customers/nobody/conversations');
    expect(placesIn(errorsIn(malformed, 400, 'bad_request'))).toEqual(['id']);
    errorsIn(await send('GET', path, { key: null }), 401, 'unauthorized');
    const key = await newKey({ roles: ['org.user.conversation.write'] });
    const roles = ['org.user.conversation.read', 'org.permission.conversation.read'];
    expect(errorsIn(await send('GET', path, { key }), 403, 'forbidden')).toMatchObject([{ meta: { roles } }]);
  });
});
