import { createRequire } from 'node:module';

type Done = (error?: unknown) => void;
type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** The LevelDB of a store of dynalite 4.0.0. */
interface Level {
  put(key: string, value: unknown, done: Done): void;
  del(key: string, done: Done): void;
  batch(operations: readonly Operation[], done: Done): void;
}

interface Table {
  TableName: string;
  LocalSecondaryIndexes?: unknown[];
  GlobalSecondaryIndexes?: unknown[];
}

/** The part of dynalite that its writes go through: each calls `updateIndexes`, and from that callback puts or deletes its item. */
interface DynaliteStores {
  create(options: object): { db: Level };
  updateIndexes(store: { db: Level }, table: Table, existing: unknown, item: unknown, done: Done): void;
  getIndexActions(
    indexes: readonly unknown[],
    existing: unknown,
    item: unknown,
    table: Table,
  ): { puts: { index: string; key: string; item: unknown }[]; deletes: { index: string; key: string }[] };
}

/**
 * Has dynalite write an item and its entries in indexes in one batch, which LevelDB keeps whole. It writes one after the other: killed in
 * between, it would list for good what is not there, or list it twice once it is written again.
 */
export function keepWritesWhole(): void {
  const stores = createRequire(import.meta.url)('dynalite/db') as DynaliteStores;
  // Between `updateIndexes` and the write of the item, which follows in the same call.
  let entries: readonly Operation[] | undefined;
  const { create, getIndexActions } = stores;

  stores.create = (options) => {
    const store = create(options);
    const { db } = store;
    const put = db.put.bind(db);
    const del = db.del.bind(db);
    const withEntries = (operation: Operation, done: Done): boolean => {
      if (!entries) return false;
      const all = [...entries, operation];
      entries = undefined;
      db.batch(all, done);
      return true;
    };
    db.put = (key, value, done) =>
      void (withEntries({ type: 'put', key, value }, done) || put(key, value, done));
    db.del = (key, done) => void (withEntries({ type: 'del', key }, done) || del(key, done));
    return store;
  };

  stores.updateIndexes = (_store, table, existing, item, done) => {
    const operations: Operation[] = [];
    for (const kind of ['Local', 'Global'] as const) {
      const { puts, deletes } = getIndexActions(
        table[`${kind}SecondaryIndexes`] ?? [],
        existing,
        item,
        table,
      );
      const keyOf = ({ index, key }: { index: string; key: string }): string =>
        `index-${kind.toLowerCase()}~${table.TableName}~${index}~${key}`;
      operations.push(...deletes.map((entry) => ({ type: 'del', key: keyOf(entry) }) as const));
      operations.push(
        ...puts.map((entry) => ({ type: 'put', key: keyOf(entry), value: entry.item }) as const),
      );
    }
    entries = operations;
    done();
    entries = undefined;
  };
}
