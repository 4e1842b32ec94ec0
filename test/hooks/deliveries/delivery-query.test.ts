import { describe, expect, it } from '@jest/globals';
import type { DeliveryPage } from '../../../functions/hooks/delivery-list.ts';
import { deliveryListAnswer, parseDeliveryQuery } from '../../../functions/hooks/delivery-query.ts';
import { stranger } from '../../conversations/asked.ts';
import { placesOf, problemOf } from '../../expect-problem.ts';
import { owner } from './an-entry.ts';

type Query = Record<string, string | undefined>;
const record = {
  ...owner,
  event: 'a/b c',
  verdict: 'failed' as const,
  receivedAt: '2026-03-01T10:00:00.000Z',
  attempts: 2,
  size: 10,
};
const page = (more: Partial<DeliveryPage> = {}): DeliveryPage => ({
  records: [record],
  unskipped: 0,
  ...more,
});
const answerTo = (query: Query, given: DeliveryPage = page()) =>
  deliveryListAnswer(owner, parseDeliveryQuery(query, owner), given, query);
const nextOf = (query: Query): Query => {
  const { next } = answerTo(query, page({ next: '2026-03-01T10:00:00.000Z#a/b c' })).links;
  return Object.fromEntries(new URL(next!, 'https://x').searchParams);
};

describe('a request for deliveries', () => {
  it('is for the first hundred of all when it says nothing, whatever else it holds', () => {
    const all = { page: 1, pageSize: 100, skip: 0 };
    expect(parseDeliveryQuery({}, owner)).toEqual(all);
    expect(parseDeliveryQuery({ other: 'x' }, owner)).toEqual(all);
  });

  it('may name a verdict, times in any zone, a page and its size, of which 100 are served', () => {
    const query = {
      verdict: 'failed',
      from: '2026-03-01T10:00:00 01:00',
      to: '2026-03-02T00:00:00Z',
      page: '3',
    };
    expect(parseDeliveryQuery({ ...query, pageSize: '20' }, owner)).toEqual({
      page: 3,
      pageSize: 20,
      skip: 40,
      verdict: 'failed',
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
    });
    expect(parseDeliveryQuery({ pageSize: '5000' }, owner).pageSize).toBe(100);
  });

  it('goes on from the cursor of the page before, which needs no counting', () => {
    const next = nextOf({ verdict: 'failed', pageSize: '1' });
    expect(next).toMatchObject({ page: '2', pageSize: '1', verdict: 'failed' });
    expect(parseDeliveryQuery({ ...next, page: '5000' }, owner)).toMatchObject({
      skip: 0,
      position: '2026-03-01T10:00:00.000Z#a/b c',
    });
  });

  it('is refused with every fault at once', async () => {
    const faulty = {
      verdict: 'created,failed',
      from: 'yesterday',
      to: '2026-02-30T00:00:00Z',
      page: '0',
      pageSize: '-1',
      cursor: 'x',
    };
    const problem = await problemOf(400, () => parseDeliveryQuery(faulty, owner));
    expect(placesOf(problem).toSorted()).toEqual(Object.keys(faulty).toSorted());
  });

  it.each(['Created', '', 'repeated ', 'all', 'constructor'])('knows no verdict %j', async (verdict) => {
    const problem = await problemOf(400, () => parseDeliveryQuery({ verdict }, owner));
    expect(placesOf(problem)).toEqual(['verdict']);
  });

  it('takes a cursor with no other filter, source or organisation than it was given for', async () => {
    const next = nextOf({ verdict: 'failed', from: '2026-03-01T00:00:00Z' });
    parseDeliveryQuery(next, owner);
    for (const [query, by] of [
      [{ ...next, verdict: 'queued' }, owner],
      [{ ...next, verdict: undefined }, owner],
      [{ ...next, from: '2026-03-01T00:00:01Z' }, owner],
      [{ ...next, to: '2026-03-02T00:00:00Z' }, owner],
      [{ ...next, cursor: `${next['cursor']}A` }, owner],
      [next, { ...owner, source: 'others' }],
      [next, { ...owner, org: stranger.org }],
    ] as const) {
      expect(placesOf(await problemOf(400, () => parseDeliveryQuery(query, by)))).toEqual(['cursor']);
    }
  });

  it('may count to the first thousand, not beyond', async () => {
    expect(parseDeliveryQuery({ page: '10' }, owner).skip).toBe(900);
    expect(placesOf(await problemOf(400, () => parseDeliveryQuery({ page: '11' }, owner)))).toEqual(['page']);
    const short = page({ records: [], unskipped: 1, next: 'x' });
    expect(placesOf(await problemOf(400, () => answerTo({ page: '2' }, short)))).toEqual(['page']);
    expect(answerTo({ page: '2' }, page({ records: [], unskipped: 1 })).data).toEqual([]);
  });
});

describe('the answer with deliveries', () => {
  it('has each as a resource, whose link is fit for any id', () => {
    expect(answerTo({}).data).toEqual([
      {
        type: 'delivery',
        id: 'a/b c',
        attributes: {
          source: 'tickets',
          verdict: 'failed',
          receivedAt: '2026-03-01T10:00:00.000Z',
          attempts: 2,
          conversation: null,
          error: null,
          size: 10,
        },
        links: { self: '/v1/hooks/tickets/deliveries/a%2Fb%20c' },
      },
    ]);
  });

  it('links to itself, the first and the next, and to none before', () => {
    const { meta, links } = answerTo(
      { page: '2', pageSize: '1', verdict: 'failed', to: '2026-03-02T00:00:00+01:00' },
      page({ next: 'p' }),
    );
    const base = '/v1/hooks/tickets/deliveries?';
    const filter = 'pageSize=1&verdict=failed&to=2026-03-01T23:00:00.000Z';
    expect(meta).toEqual({ page: 2, pageSize: 1 });
    expect(links).toEqual({
      self: `${base}page=2&${filter}`,
      first: `${base}page=1&${filter}`,
      prev: null,
      next: expect.stringMatching(/^.*page=3&pageSize=1&verdict=failed&to=[\w:.-]+&cursor=[\w-]+$/),
    });
    expect(answerTo({}).links.next).toBeNull();
  });
});
