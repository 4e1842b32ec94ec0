import { startLocalSystem } from '../../../local/start-local-system.ts';
import type { DeathData } from './dying-thread.ts';
import { killPoints } from './kill-points.ts';
import type { Deaths } from './kill-schedule.ts';

/** What the process is told as its only argument, as JSON. */
export interface DyingSystemOptions {
  dataDir: string;
  /** 0 for any free port. */
  port: number;
  /** File that deaths are written to. */
  log: string;
  /** Without them no thread dies. */
  deaths?: Deaths;
}

/** What the process tells its parent when it serves. */
export interface Ready {
  url: string;
  key: string;
  org: string;
}

// The local system as a process of its own, some of whose threads are going to die. It ends when its parent does.
const { dataDir, port, log, deaths } = JSON.parse(process.argv[2]!) as DyingSystemOptions;
process.once('disconnect', () => process.exit());
const counts = new SharedArrayBuffer(4 * killPoints.length);
const { url, key, org } = await startLocalSystem({
  dataDir,
  port,
  ...(deaths && {
    watcher: {
      url: new URL('./dying-thread.ts', import.meta.url).href,
      data: { deaths, counts, log } satisfies DeathData,
    },
  }),
});
process.send!({ url, key, org } satisfies Ready);
