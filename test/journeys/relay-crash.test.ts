import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import type { CrashResult } from './crash/crash-run.ts';
import { pointsOf, relayCalls } from './crash/kill-points.ts';
import { chosenPoints } from './crash/kill-schedule.ts';
import { relayCrash } from './relay-crash/relay-crash-run.ts';

/** The full size is 5,000: bench/README.md. */
const drafts = Number(process.env['CRASH_DRAFTS'] || 100);
const seed = Number(process.env['CRASH_SEED'] || randomInt(2 ** 31));
const isFull = drafts >= 5000;
const all = pointsOf(relayCalls);
const points = isFull ? all : chosenPoints(seed, 3, all);

describe('a relay whose write-drafts dies everywhere, and which is killed and started again', () => {
  let result: CrashResult;
  beforeAll(
    async () => {
      process.stderr.write(`relay crash: CRASH_SEED=${seed} CRASH_DRAFTS=${drafts}\n`);
      result = await relayCrash({ seed, drafts, points, isFull });
      process.stderr.write(`relay crash: ${result.asks} asks, ${result.deaths.length} threads died\n`);
    },
    isFull ? 900_000 : 240_000,
  );

  it('leaves each accepted conversation once at the vendor, each job complete, each delivery on record, and nothing else', () => {
    const { faults, deaths } = result;
    // Which deaths there were is of interest only then.
    expect(faults.length > 0 ? { seed, faults, deaths } : {}).toEqual({});
  });

  it('has died at every point that was to be', () => {
    expect({ seed, unmet: result.unmet }).toEqual({ seed, unmet: [] });
  });

  it('waits for nothing that is not a point to die at', () => {
    expect(result.unnamed).toEqual([]);
  });
});
