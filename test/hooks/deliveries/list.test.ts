import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { originText } from '../../../functions/conversations/identity.ts';
import { DeliveriesTable } from '../../../functions/hooks/deliveries-table.ts';
import type { DeliveryQuery } from '../../../functions/hooks/delivery-list.ts';
import { verdicts, type DeliveryEntry, type Verdict } from '../../../functions/hooks/delivery-record.ts';
import { DeliveryVerdicts } from '../../../functions/hooks/delivery-verdicts.ts';
import { objectId, stranger } from '../../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { clock, entry, owner } from './an-entry.ts';

const minute = (number: number) => new Date(Date.UTC(2026, 2, 1, 10, number)).toISOString();
const noBucket = {
  put: () => Promise.reject(new Error('nothing is large')),
  get: () => Promise.reject(new Error('nothing is large')),
};
const none = async () => undefined;

describe('the list of deliveries', () => {
  let dynamo: DynamoServer;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.close());

  /** A table with these deliveries, the first received first, a minute after each other. */
  async function tableOf(entries: readonly DeliveryEntry[]) {
    const table = await dynamo.deliveriesTable();
    const time = clock(minute(0));
    const deliveries = new DeliveriesTable(dynamo.client, table, noBucket, time.now);
    for (const [index, each] of entries.entries()) {
      time.set(minute(index));
      await deliveries.record(each);
    }
    return { table, deliveries };
  }
  /** The events on each page, and how many records were asked about on the way. */
  async function pagesOf(deliveries: DeliveriesTable, query: DeliveryQuery, originOf = none) {
    const pages: string[][] = [];
    let position: string | undefined;
    do {
      const more = position === undefined ? {} : { position };
      const page = await deliveries.list(owner, { ...query, ...more }, originOf);
      pages.push(page.records.map(({ event }) => event));
      position = page.next;
    } while (position !== undefined);
    return pages;
  }
  const eachVerdict = Array.from({ length: 12 }, (_, index) =>
    entry(`e${String(index).padStart(2, '0')}`, { verdict: verdicts[index % 6]! }),
  );
  const newestFirst = eachVerdict.map(({ event }) => event).toReversed();

  describe('of all verdicts', () => {
    let deliveries: DeliveriesTable;
    beforeAll(async () => {
      const others = [entry('x', { source: 'others' }), entry('y', { org: stranger.org })];
      ({ deliveries } = await tableOf([...eachVerdict, ...others]));
    });

    it('is newest first, with what is known of each, and of no other source or organisation', async () => {
      const page = await deliveries.list(owner, { pageSize: 100 }, none);
      expect(page.records.map(({ event }) => event)).toEqual(newestFirst);
      expect(page.next).toBeUndefined();
      expect(page.records[0]).toEqual({
        ...owner,
        event: 'e11',
        verdict: 'failed',
        receivedAt: minute(11),
        attempts: 1,
        size: 12,
      });
      const another = await deliveries.list({ ...owner, source: 'others' }, { pageSize: 100 }, none);
      expect(another.records.map(({ event }) => event)).toEqual(['x']);
      expect(
        (await deliveries.list({ ...owner, source: 'ticket' }, { pageSize: 100 }, none)).records,
      ).toEqual([]);
    });

    it.each([1, 5, 6, 11, 12, 13])('comes in pages of %d without a gap or a repetition', async (pageSize) => {
      const pages = await pagesOf(deliveries, { pageSize });
      expect(pages.flat()).toEqual(newestFirst);
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(pageSize);
      expect(pages).toHaveLength(Math.ceil(12 / pageSize));
    });

    it('can begin with as many passed over, and tells when there are not so many', async () => {
      const third = await deliveries.list(owner, { pageSize: 5, skip: 10 }, none);
      expect(third.records.map(({ event }) => event)).toEqual(newestFirst.slice(10));
      expect(third).toMatchObject({ unskipped: 0 });
      const beyond = await deliveries.list(owner, { pageSize: 5, skip: 15 }, none);
      expect(beyond).toEqual({ records: [], unskipped: 3 });
    });

    it.each([
      ['from a time on, that included', { from: minute(9) }, ['e11', 'e10', 'e09']],
      ['up to a time, that excluded', { to: minute(2) }, ['e01', 'e00']],
      ['between two times', { from: minute(3), to: minute(5) }, ['e04', 'e03']],
      ['at no time', { from: minute(3), to: minute(3) }, []],
      ['at a time that ends before it begins', { from: minute(5), to: minute(3) }, []],
      ['of one verdict within times', { verdict: 'queued' as const, from: minute(2) }, ['e07']],
    ])('can be of those %s', async (_, filter, events) => {
      expect((await pagesOf(deliveries, { ...filter, pageSize: 1 })).flat()).toEqual(events);
      expect((await pagesOf(deliveries, { ...filter, pageSize: 100 })).flat()).toEqual(events);
    });

    it.each(verdicts)('can be of those with the verdict %s', async (verdict) => {
      const { records } = await deliveries.list(owner, { verdict, pageSize: 100 }, none);
      expect(records).toHaveLength(2);
      for (const record of records) expect(record.verdict).toBe(verdict);
    });
  });

  it('holds those of one moment in one order, also across pages', async () => {
    const table = await dynamo.deliveriesTable();
    const deliveries = new DeliveriesTable(dynamo.client, table, noBucket, clock(minute(0)).now);
    const events = ['a', 'b', 'B', '#', 'é', '\uffee', '🦀', ' '];
    for (const [index, event] of events.entries()) {
      await deliveries.record(entry(event, { verdict: verdicts[index % 6]! }));
    }
    const [all = []] = await pagesOf(deliveries, { pageSize: 100 });
    expect(all.toSorted()).toEqual(events.toSorted());
    for (const pageSize of [1, 3]) {
      expect((await pagesOf(deliveries, { pageSize })).flat()).toEqual(all);
    }
  });

  it('keeps the place of a delivery that comes again, or whose verdict changes', async () => {
    const { table, deliveries } = await tableOf([entry('a'), entry('b'), entry('a', { verdict: 'failed' })]);
    await new DeliveryVerdicts(dynamo.client, table).change(
      { ...owner, event: 'a' },
      { verdict: 'created', conversation: objectId(1) },
    );
    const { records } = await deliveries.list(owner, { pageSize: 100 }, none);
    expect(records).toMatchObject([
      { event: 'b', verdict: 'ignored', attempts: 1 },
      { event: 'a', verdict: 'created', attempts: 2, receivedAt: minute(0), conversation: objectId(1) },
    ]);
  });

  describe('of deliveries whose conversations were made later', () => {
    const waiting = (event: string, verdict: Verdict, number: number, error?: string) =>
      entry(event, { verdict, conversation: objectId(number), ...(error !== undefined && { error }) });
    const origins = new Map([
      [objectId(1), originText({ kind: 'hook', source: owner.source, event: 'made' })],
      [objectId(2), originText({ kind: 'hook', source: owner.source, event: 'redriven' })],
      [objectId(3), originText({ kind: 'hook', source: owner.source, event: 'made' })],
      [objectId(4), originText({ kind: 'hook', source: 'others', event: 'held' })],
      [objectId(5), originText({ kind: 'api', requestId: '1' })],
    ]);
    const originOf = async (_: string, id: string) => origins.get(id);
    let deliveries: DeliveriesTable;
    beforeAll(async () => {
      ({ deliveries } = await tableOf([
        waiting('made', 'queued', 1),
        waiting('redriven', 'failed', 2, 'gave up'),
        waiting('anew', 'queued', 3),
        waiting('held', 'failed', 4, 'the externalId is held'),
        waiting('held-too', 'queued', 5),
        waiting('waiting', 'queued', 6),
        entry('broken', { verdict: 'failed', error: 'TypeError' }),
      ]));
    });
    const shown = async (verdict?: Verdict) => {
      const query = { pageSize: 100, ...(verdict && { verdict }) };
      const { records } = await deliveries.list(owner, query, originOf);
      return Object.fromEntries(records.map((record) => [record.event, record.verdict]));
    };

    it('shows each as it stands: only an own conversation, or one of the same source, counts', async () => {
      expect(await shown()).toEqual({
        made: 'created',
        redriven: 'created',
        anew: 'repeated',
        held: 'failed',
        'held-too': 'queued',
        waiting: 'queued',
        broken: 'failed',
      });
      const { records } = await deliveries.list(owner, { verdict: 'created', pageSize: 100 }, originOf);
      for (const record of records) expect(record).not.toHaveProperty('error');
    });

    it.each([
      ['created', ['made', 'redriven']],
      ['repeated', ['anew']],
      ['queued', ['held-too', 'waiting']],
      ['failed', ['broken', 'held']],
      ['ignored', []],
    ] as const)('finds by %s what is shown as that', async (verdict, events) => {
      expect(Object.keys(await shown(verdict)).toSorted()).toEqual(events);
    });
  });

  it('looks at no more than some thousand records a page, and goes on from there', async () => {
    const table = await dynamo.deliveriesTable();
    const time = clock(minute(0));
    const deliveries = new DeliveriesTable(dynamo.client, table, noBucket, time.now);
    await deliveries.record(entry('oldest', { verdict: 'queued', conversation: objectId(9999) }));
    time.set(minute(1));
    const made = Array.from({ length: 1500 }, (_, index) => index);
    for (let at = 0; at < made.length; at += 100) {
      await Promise.all(
        made
          .slice(at, at + 100)
          .map((index) =>
            deliveries.record(entry(`e${index}`, { verdict: 'queued', conversation: objectId(index) })),
          ),
      );
    }
    let asked = 0;
    const originOf = async (_: string, id: string) => {
      asked++;
      const index = Number.parseInt(id, 16);
      return index === 9999 ? undefined : `hook#${owner.source}#e${index}`;
    };
    const query = { verdict: 'queued' as const, pageSize: 10 };
    const first = await deliveries.list(owner, query, originOf);
    expect(first.records).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(1000);
    expect(asked).toBeLessThan(1100);
    const second = await deliveries.list(owner, { ...query, position: first.next! }, originOf);
    expect(second.records.map(({ event }) => event)).toEqual(['oldest']);
    expect(second.next).toBeUndefined();
  }, 30_000);
});
