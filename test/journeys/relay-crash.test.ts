import { describe } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { crashRules } from './crash/crash-rules.ts';
import { pointsOf, relayCalls } from './crash/kill-points.ts';
import { chosenPoints } from './crash/kill-schedule.ts';
import { relayCrash } from './relay-crash/relay-crash-run.ts';

/** The full size is 5,000: bench/README.md. */
const drafts = Number(process.env['CRASH_DRAFTS'] || 100);
const seed = Number(process.env['CRASH_SEED'] || randomInt(2 ** 31));
const isFull = drafts >= 5000;
const all = pointsOf(relayCalls);
const points = isFull ? all : chosenPoints(seed, 3, all);

describe('a relay whose write-drafts dies everywhere, and which is killed and started again', () =>
  crashRules(
    'leaves each accepted conversation once at the vendor, each job complete, each delivery on record, and nothing else',
    {
      seed,
      isFull,
      name: `relay crash: CRASH_SEED=${seed} CRASH_DRAFTS=${drafts}`,
      run: () => relayCrash({ seed, drafts, points, isFull }),
    },
  ));
