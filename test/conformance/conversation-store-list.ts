import { expect } from '@jest/globals';
import type { ConversationStore, ListRequest } from '../../functions/conversations/conversation-store.ts';
import { asked, author, customer, objectId, stranger } from '../conversations/asked.ts';
import type { Rules } from './rule.ts';

const { org } = author;
const otherCustomer = objectId(77);

/** What a list holds, and in which order. */
export function listRules(store: () => ConversationStore, { rule }: Rules): void {
  /** Writes a conversation for each [id, createdAt], then lists with `request`: the ids. */
  async function listed(entries: readonly (readonly [number, string])[], request: Partial<ListRequest> = {}) {
    await store().createMany(
      entries.map(([id, createdAt]) => asked(`for ${id}`, { id: objectId(id), createdAt })),
    );
    return (await store().list(org, customer, { page: 1, pageSize: 100, ...request })).conversations.map(
      ({ id }) => Number.parseInt(id, 16),
    );
  }

  rule('is newest first by createdAt, whatever the order of writing and of ids', async () => {
    const entries = [
      [2, '2020-01-02T00:00:00.000Z'],
      [9, '2019-12-31T23:59:59.999Z'],
      [1, '2020-01-03T00:00:00.000Z'],
      [5, '0001-01-01T00:00:00.000Z'],
      [4, '9999-12-31T23:59:59.999Z'],
    ] as const;
    expect(await listed(entries)).toEqual([4, 1, 2, 9, 5]);
  });

  rule('puts conversations of one time in the order of their ids, the greatest first', async () => {
    const time = '2020-01-02T00:00:00.000Z';
    expect(await listed([3, 255, 1, 2, 16].map((id) => [id, time] as const))).toEqual([255, 16, 3, 2, 1]);
  });

  rule('keeps what was created at or after fromDate, to the millisecond', async () => {
    const entries = [
      [1, '2020-01-01T23:59:59.999Z'],
      [2, '2020-01-02T00:00:00.000Z'],
      [3, '2020-01-02T00:00:00.001Z'],
    ] as const;
    expect(await listed(entries, { fromDate: '2020-01-02T00:00:00.000Z' })).toEqual([3, 2]);
    expect(await listed([], { fromDate: '2020-01-02T00:00:00.001Z' })).toEqual([3]);
    expect(await listed([], { fromDate: '2020-01-02T00:00:00.002Z' })).toEqual([]);
    expect(await listed([], { fromDate: '0000-01-01T00:00:00.000Z' })).toEqual([3, 2, 1]);
  });

  rule('holds nothing of another customer or organisation', async () => {
    await store().createMany([
      asked('first', { id: objectId(1) }),
      asked('second', { id: objectId(2), customer: otherCustomer }),
      asked('third', { id: objectId(3) }, stranger),
    ]);
    const idsOf = async (...[whose, of]: [string, string]) =>
      (await store().list(whose, of, { page: 1, pageSize: 100 })).conversations.map(({ id }) => id);
    expect(await idsOf(org, customer)).toEqual([objectId(1)]);
    expect(await idsOf(org, otherCustomer)).toEqual([objectId(2)]);
    expect(await idsOf(stranger.org, customer)).toEqual([objectId(3)]);
    expect(await idsOf(stranger.org, otherCustomer)).toEqual([]);
  });

  rule('holds a conversation once that has an externalId beside its id', async () => {
    await store().create(asked('first', { id: objectId(1), externalId: 'order-1' }));
    const { conversations } = await store().list(org, customer, { page: 1, pageSize: 100 });
    expect(conversations.map(({ id }) => id)).toEqual([objectId(1)]);
  });

  rule('is empty for a customer of whom nothing is known, and says that it ends there', async () => {
    expect(await store().list(org, customer, { page: 1, pageSize: 100 })).toEqual({ conversations: [] });
  });
}
