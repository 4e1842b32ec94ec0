import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { crash, type CrashResult } from './crash/crash-run.ts';
import { killPoints } from './crash/kill-points.ts';
import { chosenPoints } from './crash/kill-schedule.ts';

/** The full size is 2,000: bench/README.md. */
const deliveries = Number(process.env['CRASH_DELIVERIES'] || 200);
const seed = Number(process.env['CRASH_SEED'] || randomInt(2 ** 31));
const isFull = deliveries >= 2000;
const points = isFull ? killPoints : chosenPoints(seed, 20);

describe('a system whose functions die everywhere, and which is killed and started again', () => {
  let result: CrashResult;
  beforeAll(
    async () => {
      process.stderr.write(`crash: CRASH_SEED=${seed} CRASH_DELIVERIES=${deliveries}\n`);
      result = await crash({ seed, deliveries, points, lives: isFull ? 3 : 2 });
      process.stderr.write(`crash: ${result.asks} asks, ${result.deaths.length} threads died\n`);
    },
    isFull ? 900_000 : 240_000,
  );

  it('ends with each accepted request as one conversation, each job complete, each delivery on record, and nothing else', () => {
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
