import { describe } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { crashRules } from './crash/crash-rules.ts';
import { crash } from './crash/crash-run.ts';
import { killPoints } from './crash/kill-points.ts';
import { chosenPoints } from './crash/kill-schedule.ts';

/** The full size is 2,000: bench/README.md. */
const deliveries = Number(process.env['CRASH_DELIVERIES'] || 200);
const seed = Number(process.env['CRASH_SEED'] || randomInt(2 ** 31));
const isFull = deliveries >= 2000;
const points = isFull ? killPoints : chosenPoints(seed, 20);

describe('a system whose functions die everywhere, and which is killed and started again', () =>
  crashRules(
    'ends with each accepted request as one conversation, each job complete, each delivery on record, and nothing else',
    {
      seed,
      isFull,
      name: `crash: CRASH_SEED=${seed} CRASH_DELIVERIES=${deliveries}`,
      run: () => crash({ seed, deliveries, points, lives: isFull ? 3 : 2 }),
    },
  ));
