import { createRequire } from 'node:module';

/** An iterator of LevelDB: https://github.com/Level/abstract-level#iterator */
interface LevelIterator {
  close(): Promise<void>;
  return?(): Promise<void>;
}

/** The part of dynalite 4.0.0 that reads ranges. */
interface DynaliteStores {
  create(options: object): {
    db: Record<'keys' | 'values', (options?: object) => LevelIterator>;
  };
}

/**
 * Has dynalite close the iterator of each query and scan. It would end it by `return`, which an iterator of LevelDB has not: it stays open,
 * and with it what the database was when it began, in memory and on disk, for as long as the server runs.
 */
export function closeIterators(): void {
  const stores = createRequire(import.meta.url)('dynalite/db') as DynaliteStores;
  const { create } = stores;
  stores.create = (options) => {
    const store = create(options);
    for (const kind of ['keys', 'values'] as const) {
      const iterate = store.db[kind].bind(store.db);
      store.db[kind] = (range) => {
        const iterator = iterate(range);
        iterator.return = () => iterator.close();
        return iterator;
      };
    }
    return store;
  };
}
