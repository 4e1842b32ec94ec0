import { showProgress } from '../../../cli/show-progress.ts';
import { until } from './until.ts';
import { drained, openServersIn } from '../../servers/servers-in.ts';
import { askAll } from './ask-all.ts';
import type { Clients } from './clients.ts';
import { calls } from './kill-points.ts';
import { deathsOf } from './kill-schedule.ts';
import { Ledger } from './ledger.ts';
import { MortalSystem } from './mortal-system.ts';
import { plan, round } from './plan.ts';
import { seeded } from './seeded.ts';
import { faultsThere } from './settled.ts';
import { signingSecrets } from './signing-secrets.ts';

/** What is to happen. All of it follows from the seed, but for what runs at the same time as what. */
export interface CrashOptions {
  seed: number;
  deliveries: number;
  /** The points at which threads are to die: each once at least. */
  points: readonly string[];
  /**
   * How often it is started for threads to die. One more start is killed at once, and the last is left alone. A message is received once
   * in each of these, so with three of them the last is the fifth time, after which the queue gives it up.
   */
  lives: 2 | 3;
}

/** What came of it. */
export interface CrashResult {
  /** What is missing, or there too often, or not as clients were told. */
  faults: string[];
  /** Where threads died, in this order. */
  deaths: string[];
  /** Those of the points at which none did. */
  unmet: string[];
  /** Calls that functions made and that are no points. */
  unnamed: string[];
  asks: number;
}

/** Rounds of further asks at most, until each point was come to. */
const mostRounds = 40;

/** Runs it: asks under fire, then lets the system settle, then compares. Throws an Error when the system cannot be started. */
export async function crash({ seed, deliveries, points, lives }: CrashOptions): Promise<CrashResult> {
  const system = new MortalSystem(calls);
  const ledger = new Ledger();
  const random = seeded(seed, 'system');
  const asks = plan(seed, deliveries);
  const start = (life: number) => system.start(deathsOf(seed, life, points, new Set(system.deaths())));
  const unmet = (): string[] => {
    const met = new Set(system.deaths());
    return points.filter((point) => !met.has(point));
  };
  try {
    await start(1);
    const clients: Clients = { ...system.ready, secretOf: signingSecrets(system.dataDir), ledger };
    const progress = showProgress(asks.length);
    let answered = 0;
    const asked = askAll(asks, clients, () => progress.show(++answered));
    for (let life = 2; life <= lives; life++) {
      const share = (life - 1 + random.between(-20, 20) / 100) / lives;
      await until(() => answered >= asks.length * share);
      await system.kill();
      if (life === 2) await system.startAndKill(random.between(0, 1500));
      await start(life);
    }
    await asked;
    progress.end();
    let rounds = 0;
    while (unmet().length > 0 && rounds < mostRounds) await askAll(round(rounds++), clients);
    await system.kill();
    await system.start();
    const faults = await settle(system, ledger);
    const deaths = system.deaths();
    const unnamed = deaths.filter((point) => point.startsWith('unnamed '));
    return { faults, deaths, unmet: unmet(), unnamed, asks: asks.length };
  } finally {
    await system.remove();
  }
}

async function settle({ dataDir, ready }: MortalSystem, ledger: Ledger): Promise<string[]> {
  const servers = await openServersIn(dataDir);
  try {
    await drained(servers).catch((error: unknown) => ledger.faults.push(String(error)));
    return await faultsThere(ledger, ready, servers);
  } finally {
    servers.close();
  }
}
