declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** See https://github.com/architect/dynalite: times in milliseconds, `path` is the LevelDB folder. */
  interface DynaliteOptions {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
