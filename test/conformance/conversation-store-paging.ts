import { expect } from '@jest/globals';
import type {
  ConversationStore,
  ListRequest,
  Page,
} from '../../functions/conversations/conversation-store.ts';
import { asked, author, customer, objectId } from '../conversations/asked.ts';
import type { Rules } from './rule.ts';

const { org } = author;

/** A list is read page by page, in either direction, without a gap and without a repetition. */
export function pagingRules(store: () => ConversationStore, { rule }: Rules): void {
  const read = (request: Partial<ListRequest>) =>
    store().list(org, customer, { page: 1, pageSize: 100, ...request });

  /** The first page and all that follow it by their positions. */
  async function walk(request: Partial<ListRequest>): Promise<Page[]> {
    const pages = [await read(request)];
    for (let next = pages[0]!.next; next !== undefined; next = pages.at(-1)!.next) {
      pages.push(await read({ ...request, start: { after: next } }));
    }
    return pages;
  }

  rule.each([
    { count: 250, pageSize: 100, pages: [100, 100, 50] },
    { count: 200, pageSize: 100, pages: [100, 100] },
    { count: 101, pageSize: 100, pages: [100, 1] },
    { count: 21, pageSize: 10, pages: [10, 10, 1] },
    { count: 4, pageSize: 1, pages: [1, 1, 1, 1] },
  ])('visits each of $count conversations once in pages of $pageSize', async ({ count, pageSize, pages }) => {
    await fill(store(), count);
    const walked = await walk({ pageSize });
    expect(walked.map(({ conversations }) => conversations.length)).toEqual(pages);
    expect(idsOf(walked)).toEqual(newestFirst(count));
  });

  rule('comes by prev to the same pages, back to the first', async () => {
    await fill(store(), 250);
    const pages = await walk({});
    for (let index = pages.length - 1; index > 0; index--) {
      const back = await read({ page: index, start: { before: pages[index]!.prev! } });
      expect(back.conversations).toEqual(pages[index - 1]!.conversations);
      const forth = await read({ page: index + 1, start: { after: back.next! } });
      expect(forth.conversations).toEqual(pages[index]!.conversations);
    }
  });

  rule('ends before the first page: nothing lies before it', async () => {
    await fill(store(), 3);
    const { prev } = await read({});
    expect(await read({ start: { before: prev! } })).toEqual({ conversations: [] });
  });

  rule('reads any page by its number, as walking there does', async () => {
    await fill(store(), 25);
    const walked = await walk({ pageSize: 10 });
    for (const [index, { conversations, next }] of walked.entries()) {
      const direct = await read({ page: index + 1, pageSize: 10 });
      expect(direct.conversations).toEqual(conversations);
      expect(direct.next).toEqual(next);
    }
  });

  rule.each([3, 4, 1000, 2 ** 40, Number.MAX_SAFE_INTEGER])(
    'has nothing on page %d of a list with two full pages',
    async (page) => {
      await fill(store(), 20);
      const { conversations, next } = await read({ page, pageSize: 10 });
      expect(conversations).toEqual([]);
      expect(next).toBeUndefined();
    },
  );

  rule('visits each once when all share one time stamp', async () => {
    const time = '2020-01-01T00:00:00.000Z';
    await fill(store(), 250, () => time);
    const pages = await walk({});
    expect(idsOf(pages)).toEqual(newestFirst(250));
    const back = await read({ page: 2, start: { before: pages[2]!.prev! } });
    expect(back.conversations).toEqual(pages[1]!.conversations);
  });

  rule('keeps to fromDate on every page, forth, back and by number', async () => {
    await fill(store(), 50);
    const fromDate = timeOf(20);
    const pages = await walk({ pageSize: 10, fromDate });
    expect(idsOf(pages)).toEqual(newestFirst(50).slice(0, 30));
    expect(pages.map(({ conversations }) => conversations.length)).toEqual([10, 10, 10]);
    const direct = await read({ page: 3, pageSize: 10, fromDate });
    expect(direct.conversations).toEqual(pages[2]!.conversations);
    expect(direct.next).toBeUndefined();
    const back = await read({ page: 2, pageSize: 10, fromDate, start: { before: pages[2]!.prev! } });
    expect(back.conversations).toEqual(pages[1]!.conversations);
    expect((await read({ page: 4, pageSize: 10, fromDate })).conversations).toEqual([]);
  });

  rule('gives nothing that fromDate excludes, also at a position that lies before it', async () => {
    await fill(store(), 30);
    const [first, second] = await walk({ pageSize: 10 });
    const fromDate = timeOf(25);
    expect(await read({ pageSize: 10, fromDate, start: { after: second!.next! } })).toEqual({
      conversations: [],
    });
    const before = await read({ pageSize: 10, fromDate, start: { before: second!.next! } });
    expect(before.conversations).toEqual(
      first!.conversations.filter(({ createdAt }) => createdAt >= fromDate),
    );
  });

  rule('shows a reader who follows next nothing twice while new conversations arrive', async () => {
    await fill(store(), 20);
    const first = await read({ pageSize: 10 });
    await store().create(asked('late', { id: objectId(999), createdAt: timeOf(999) }));
    const second = await read({ page: 2, pageSize: 10, start: { after: first.next! } });
    expect(idsOf([first, second])).toEqual(newestFirst(20));
  });

  rule('ends a page of large conversations before 4.5 MB, and goes on by next', async () => {
    const custom = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`n${index}Str`, '€'.repeat(1024)]),
    );
    await fill(store(), 30, timeOf, custom);
    const pages = await walk({});
    expect(idsOf(pages)).toEqual(newestFirst(30));
    for (const { conversations } of pages) {
      expect(Buffer.byteLength(JSON.stringify(conversations))).toBeLessThan(4_501_000);
    }
    expect(pages).toHaveLength(3);
    const back = await read({ page: 2, start: { before: pages[2]!.prev! } });
    expect(idsOf([back])).toEqual(idsOf([pages[1]!]));
  });
}

/** Writes conversations 0 to `count`, in an order of their own: not by time. */
async function fill(
  store: ConversationStore,
  count: number,
  createdAt: (number: number) => string = timeOf,
  custom?: Record<string, string>,
): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => (index * 7919) % count);
  expect(new Set(numbers).size).toBe(count);
  const conversations = numbers.map((number) =>
    asked(`for ${number}`, { id: objectId(number), createdAt: createdAt(number), ...(custom && { custom }) }),
  );
  const outcomes = await store.createMany(conversations);
  // What a busy server did not answer is asked for again, as any caller would.
  const lost = conversations.filter((_, index) => outcomes[index]?.kind === 'failed');
  const settled = [...outcomes, ...(await store.createMany(lost))].filter(({ kind }) => kind !== 'failed');
  expect(settled).toHaveLength(count);
}

function timeOf(number: number): string {
  return new Date(Date.UTC(2020, 0, 1) + number * 1000).toISOString();
}

function newestFirst(count: number): string[] {
  return Array.from({ length: count }, (_, index) => objectId(count - 1 - index));
}

function idsOf(pages: readonly Page[]): string[] {
  return pages.flatMap(({ conversations }) => conversations.map(({ id }) => id));
}
