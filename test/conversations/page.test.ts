import { describe, expect, it } from '@jest/globals';
import type { ListRequest, Page } from '../../functions/conversations/conversation-store.ts';
import { listAnswer, parseListRequest } from '../../functions/conversations/page.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { asked, author, customer, objectId, stranger } from './asked.ts';

const owner = { org: author.org, customer };
const path = `/v1/customers/${customer}/conversations`;
const parse = (query: Record<string, string>) => parseListRequest(query, owner);
/** The answer to a query whose page is `page`. */
const answerTo = (query: Record<string, string>, page: Partial<Page> = {}) =>
  listAnswer(owner, parse(query), { conversations: [], ...page }, query);
const queryOf = (link: string | null) => {
  const { pathname, searchParams } = new URL(link ?? '', 'http://localhost');
  expect(pathname).toBe(path);
  return Object.fromEntries(searchParams);
};

describe('a list request', () => {
  it('asks for the first page of a hundred unless it says otherwise', () => {
    expect(parse({})).toEqual({ page: 1, pageSize: 100 });
    expect(parse({ page: '3', pageSize: '7' })).toEqual({ page: 3, pageSize: 7 });
    expect(parse({ page: '007' })).toEqual({ page: 7, pageSize: 100 });
  });

  it.each([
    ['100', 100],
    ['101', 100],
    ['500', 100],
    ['9007199254740991', 100],
  ])('gets %s as the pageSize %d', (pageSize, served) => {
    expect(parse({ pageSize }).pageSize).toBe(served);
  });

  it.each([
    '0',
    '-1',
    '1.5',
    '',
    ' 1',
    '1 ',
    '1e2',
    '0x10',
    '+1',
    'x',
    '1,2',
    '٣',
    '9007199254740992',
    '9'.repeat(400),
  ])('is refused for the number %j', async (text) => {
    expect(placesOf(await problemOf(400, () => parse({ page: text })))).toEqual(['page']);
    expect(placesOf(await problemOf(400, () => parse({ pageSize: text })))).toEqual(['pageSize']);
  });

  it.each([
    ['2016-11-09T00:00:00.000Z', '2016-11-09T00:00:00.000Z'],
    ['2016-11-09T00:00:00Z', '2016-11-09T00:00:00.000Z'],
    ['2016-11-09T02:00:00+02:00', '2016-11-09T00:00:00.000Z'],
    // A plus sign that was not percent-encoded arrives as a blank.
    ['2016-11-09T02:00:00 02:00', '2016-11-09T00:00:00.000Z'],
  ])('takes the fromDate %s', (fromDate, utc) => {
    expect(parse({ fromDate })).toEqual({ page: 1, pageSize: 100, fromDate: utc });
  });

  it.each(['', 'yesterday', '2016-11-09', '2016-11-09 00:00:00Z', '2016-02-30T00:00:00Z', '1478649600000'])(
    'is refused for the fromDate %j',
    async (fromDate) => {
      expect(placesOf(await problemOf(400, () => parse({ fromDate })))).toEqual(['fromDate']);
    },
  );

  it('is refused for all its faults at once', async () => {
    const query = { page: '0', pageSize: 'x', fromDate: 'y', cursor: 'z' };
    const problem = await problemOf(400, () => parse(query));
    expect(placesOf(problem)).toEqual(['page', 'pageSize', 'fromDate', 'cursor']);
  });

  it('may have parameters that we do not know, which its links do not repeat', () => {
    const query = { sort: 'desc', 'page[size]': '5', Page: '9', ['__proto__']: 'x', page: '2' };
    expect(parse(query)).toEqual({ page: 2, pageSize: 100 });
    expect(answerTo(query).links.self).toBe(`${path}?page=2&pageSize=100`);
  });
});

describe('a list answer', () => {
  it('has the links of the published example', () => {
    const query = { page: '1', pageSize: '100', fromDate: '2016-11-09T00:00:00.000Z' };
    const self = `${path}?page=1&pageSize=100&fromDate=2016-11-09T00:00:00.000Z`;
    expect(answerTo(query)).toEqual({
      meta: { pageSize: 100, page: 1 },
      data: [],
      links: { self, first: self, prev: null, next: null },
    });
  });

  it('reports and links the pageSize that it was served with', () => {
    const { meta, links } = answerTo({ pageSize: '500' });
    expect(meta).toEqual({ pageSize: 100, page: 1 });
    expect(links.self).toBe(`${path}?page=1&pageSize=100`);
  });

  it('shows its conversations as resources, in their order', () => {
    const conversations = [asked('b', { id: objectId(2) }), asked('a', { id: objectId(1) })];
    const { data } = answerTo({}, { conversations });
    expect(data.map(({ type, id }) => [type, id])).toEqual([
      ['conversation', objectId(2)],
      ['conversation', objectId(1)],
    ]);
  });

  it('links what follows and what comes before, by positions that only this list understands', () => {
    const query = { page: '2', pageSize: '10', fromDate: '2016-11-09T02:00:00+02:00' };
    const { links } = answerTo(query, { next: '2020#n', prev: '2021#p' });
    expect(links.first).toBe(`${path}?page=1&pageSize=10&fromDate=2016-11-09T02:00:00%2B02:00`);
    const next = parse(queryOf(links.next));
    const prev = parse(queryOf(links.prev));
    const fromDate = '2016-11-09T00:00:00.000Z';
    expect(next).toEqual({ page: 3, pageSize: 10, fromDate, start: { after: '2020#n' } });
    expect(prev).toEqual({ page: 1, pageSize: 10, fromDate, start: { before: '2021#p' } });
    expect(answerTo(queryOf(links.next)).links.self).toBe(links.next);
  });

  it('links the page before an empty one that lies past the end by its number', () => {
    expect(answerTo({ page: '9' }).links).toMatchObject({ prev: `${path}?page=8&pageSize=100`, next: null });
  });

  it('has nothing before its first page, whatever its position', () => {
    expect(answerTo({ page: '1' }, { prev: '2021#p' }).links.prev).toBeNull();
  });
});

describe('a cursor', () => {
  const cursorFor = (whose: typeof owner, request: ListRequest = { page: 1, pageSize: 100 }) => {
    const { links } = listAnswer(
      whose,
      request,
      { conversations: [], next: '2020-01-01T00:00:00.000Z#1' },
      {},
    );
    return new URL(links.next ?? '', 'http://localhost').searchParams.get('cursor') ?? '';
  };
  const good = cursorFor(owner);

  it('is taken as it was given', () => {
    expect(parse({ cursor: good })).toMatchObject({ start: { after: '2020-01-01T00:00:00.000Z#1' } });
    expect(encodeURIComponent(good)).toBe(good);
  });

  it.each([
    ['another customer', cursorFor({ ...owner, customer: objectId(1) })],
    ['another organisation', cursorFor({ ...owner, org: stranger.org })],
    ['nobody', ''],
    ['a maker of random text', 'x'],
    [
      'somebody who wrote a position without its seal',
      Buffer.from('>2020-01-01T00:00:00.000Z#1').toString('base64url'),
    ],
    ['one who cut it', good.slice(0, -1)],
    ['one who added to it', `${good}A`],
    ['one who padded it', `${good}=`],
    ['one who wrote it in the other base64', `${good}+/`],
    ['one who put a blank into it', `${good.slice(0, 4)} ${good.slice(4)}`],
    [
      'one who turned it round',
      Buffer.from(Buffer.from(good, 'base64url').toString().replace('>', '<')).toString('base64url'),
    ],
  ])('is refused when it comes from %s', async (_, cursor) => {
    expect(placesOf(await problemOf(400, () => parse({ cursor })))).toEqual(['cursor']);
  });

  it('is refused when any one of its characters is another', async () => {
    for (let index = 0; index < good.length; index++) {
      const other = good[index] === 'A' ? 'B' : 'A';
      const cursor = good.slice(0, index) + other + good.slice(index + 1);
      await problemOf(400, () => parse({ cursor }));
    }
  });
});
