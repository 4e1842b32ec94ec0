import { startLocalSystem } from '../../../local/start-local-system.ts';
import { runContext } from '../../../local/run-context.ts';
import type { DeathData } from './dying-thread.ts';
import { pointsOf, type Calls } from './kill-points.ts';
import type { Deaths } from './kill-schedule.ts';

/** What the process is told as its only argument, as JSON. */
export interface DyingSystemOptions {
  dataDir: string;
  /** 0 for any free port. */
  port: number;
  /** File that deaths are written to. */
  log: string;
  /** What its functions wait for. */
  calls: Calls;
  /** Whom it relays to. */
  vendor?: RelayedVendor;
  /** Without them no thread dies. */
  deaths?: Deaths;
}

/** Whom a system relays to, and with which key. */
export interface RelayedVendor {
  url: string;
  key: string;
}

/** What the process tells its parent when it serves. */
export interface Ready {
  url: string;
  key: string;
  org: string;
}

// The local system as a process of its own, some of whose threads are going to die. It ends when its parent does.
const { dataDir, port, log, calls, vendor, deaths } = JSON.parse(process.argv[2]!) as DyingSystemOptions;
process.once('disconnect', () => process.exit());
const counts = new SharedArrayBuffer(4 * pointsOf(calls).length);
const { url, key, org } = await startLocalSystem({
  dataDir,
  port,
  ...(vendor && { context: runContext({ KUSTOMER_BASE_URL: vendor.url }), kustomerKey: vendor.key }),
  ...(deaths && {
    watcher: {
      url: new URL('./dying-thread.ts', import.meta.url).href,
      data: { deaths, calls, counts, log } satisfies DeathData,
    },
  }),
});
process.send!({ url, key, org } satisfies Ready);
