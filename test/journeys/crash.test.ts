import { afterAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showProgress } from '../../cli/hooks/show-progress.ts';
import { parseSecrets } from '../../functions/hooks/hook-secrets.ts';
import type { Ask } from './crash/asks.ts';
import { ask, type Clients } from './crash/clients.ts';
import { killPoints } from './crash/kill-points.ts';
import { chosenPoints, deathsOf } from './crash/kill-schedule.ts';
import { Ledger } from './crash/ledger.ts';
import { MortalSystem } from './crash/mortal-system.ts';
import { plan, round } from './crash/plan.ts';
import { drained } from './crash/read-back.ts';
import { seeded } from './crash/seeded.ts';
import { faultsThere } from './crash/settled.ts';
import { openServersIn } from './servers-behind.ts';

/** The full size is 2,000: bench/README.md. */
const deliveries = Number(process.env['CRASH_DELIVERIES'] ?? 200);
const seed = Number(process.env['CRASH_SEED'] ?? randomInt(2 ** 31));
const isFull = deliveries >= 2000;

/** Points that threads are killed at: all, or as many as a short run comes to. */
const chosen = chosenPoints(seed, isFull ? killPoints.length : 16);
/** Lives in which threads die. With those that end at the start, and the last one, a message is received five times at most. */
const lives = isFull ? 3 : 2;
/** Asks under way at once. */
const atOnce = 24;
/** Rounds in which every point must be come to. */
const mostRounds = 40;

describe('a system whose functions die everywhere, and which is killed and started again', () => {
  const system = new MortalSystem();
  afterAll(() => system.remove());

  it(
    'ends with exactly what was accepted',
    async () => {
      process.stderr.write(`crash: CRASH_SEED=${seed} CRASH_DELIVERIES=${deliveries}\n`);
      const ledger = new Ledger();
      const random = seeded(seed, 'system');
      const asks = plan(seed, deliveries);
      const unmet = (): string[] => {
        const met = new Set(system.deaths());
        return chosen.filter((point) => !met.has(point));
      };
      const progress = showProgress(asks.length);
      let answered = 0;
      const askAll = async (some: Ask[]): Promise<void> => {
        const next = some.values();
        const client = async (): Promise<void> => {
          for (const each of next) {
            await ask(each, clients).catch((error: unknown) => ledger.faults.push(String(error)));
            answered += 1;
            progress(Math.min(answered, asks.length));
          }
        };
        await Promise.all(Array.from({ length: atOnce }, client));
      };

      await system.start(deathsOf(seed, 1, chosen, new Set()));
      const clients: Clients = { ...system.ready, secretOf: secretsIn(system.dataDir), ledger };
      const all = askAll(asks);
      for (let life = 2; life <= lives; life++) {
        const share = (life - 1 + random.between(-20, 20) / 100) / lives;
        await until(() => answered >= asks.length * share);
        await system.kill();
        if (life === 2) await system.startAndKill(random.between(0, 1500));
        await system.start(deathsOf(seed, life, chosen, new Set(system.deaths())));
      }
      await all;
      for (let count = 0; unmet().length > 0 && count < mostRounds; count++) await askAll(round(count));

      await system.kill();
      await system.start();
      const behind = await openServersIn(system.dataDir);
      try {
        await drained(behind);
        const faults = await faultsThere(ledger, system.ready, behind);
        const deaths = system.deaths();
        const unnamed = deaths.filter((point) => point.startsWith('unnamed '));
        process.stderr.write(`crash: ${deaths.length} deaths, ${answered} asks\n`);
        expect({ seed, faults, unmet: unmet(), unnamed, ...(faults.length > 0 && { deaths }) }).toEqual({
          seed,
          faults: [],
          unmet: [],
          unnamed: [],
        });
      } finally {
        behind.close();
      }
    },
    isFull ? 900_000 : 240_000,
  );
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Reads the secrets that the system made for its sources. */
function secretsIn(dataDir: string): (source: string) => string {
  const kept = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    { value: string }
  >;
  return (source) => {
    const prefix = `${source.replaceAll('-', '')}HookSecret`.toLowerCase();
    const name = Object.keys(kept).find((each) => each.toLowerCase().startsWith(prefix))!;
    return parseSecrets(kept[name]!.value)[0]!;
  };
}
