import { objectId } from '../../conversations/asked.ts';
import type { Ask, Create, Job } from './asks.ts';
import { clashing, fitting, ignored, large, misfit, sourceNames } from './deliveries.ts';
import { seeded, type Seeded } from './seeded.ts';

/** Some deliveries of a hundred are of a kind of their own. */
const shares = { large: 1, ignored: 3, misfit: 3, clashingQueued: 3, clashingDirect: 2 };

/**
 * What is asked of the system in a run: so many deliveries, a tenth of them repeated, creates and bulk jobs, in an order that follows from
 * the seed.
 */
export function plan(seed: number, deliveries: number): Ask[] {
  const random = seeded(seed, 'plan');
  const share = (percent: number): number => Math.max(2, Math.round((deliveries * percent) / 100));
  let number = 1_000_000;
  const some = <Made>(count: number, make: (number: number) => Made): Made[] =>
    Array.from({ length: count }, () => make(number++));
  const special = [
    ...some(share(shares.large), large),
    ...some(share(shares.ignored), ignored),
    ...some(share(shares.misfit), misfit),
    ...some(share(shares.clashingQueued), (each) => clashing('github-releases', each)),
    ...some(share(shares.clashingDirect), (each) => clashing('pagerduty-incidents', each)),
  ];
  const usual = some(deliveries - special.length, (each) =>
    fitting(sourceNames[each % sourceNames.length]!, each),
  );
  const all = random.shuffled([...special, ...usual]);
  for (const [place, delivery] of all.entries()) {
    if (place % 20 === 0) delivery.repeated = 'at once';
    if (place % 20 === 10) delivery.repeated = 'later';
  }
  const creates = some(Math.round(deliveries / 5), createOf);
  const jobs = some(Math.max(5, Math.round(deliveries / 40)), (each) => jobOf(each, sizeOf(each, random)));
  return random.shuffled<Ask>([...all, ...creates, ...jobs]);
}

/** One ask of each kind: with some of these every await of every function is come to. */
export function round(count: number): Ask[] {
  const number = 2_000_000 + 100 * count;
  return [
    ...sourceNames.map((source, place) => fitting(source, number + place)),
    { ...large(number + 10), repeated: 'at once' },
    { ...clashing('github-releases', number + 11), repeated: 'later' },
    clashing('pagerduty-incidents', number + 12),
    ...[1, 2, 3].map((place) => createOf(3 * number + place)),
    jobOf(2 * number, 130),
  ];
}

/** By turns with a key, with an externalId, with both; now and then with none. */
function createOf(number: number): Create {
  const name = `create ${number}`;
  const isGuarded = number % 10 !== 0;
  const hasKey = isGuarded && number % 3 !== 1;
  const hasExternalId = isGuarded && number % 3 !== 0;
  return {
    kind: 'create',
    name,
    ...(hasKey && { key: `create-${number}` }),
    json: {
      customer: objectId(0xc0000 + number),
      name,
      ...(hasExternalId && { externalId: `create-${number}` }),
    },
  };
}

/** Most jobs are small, as they are; some have several batches. */
function sizeOf(number: number, random: Seeded): number {
  const most = [20, 100, 101, 250, 600][number % 5]!;
  return random.between(Math.ceil(most / 2), most);
}

function jobOf(number: number, size: number): Job {
  const hasTwins = number % 2 === 0;
  const items = Array.from({ length: size }, (_, place) => ({
    customer: objectId(0xb0000 + number),
    name: `job ${number} item ${place}`,
    ...(hasTwins && place >= size - 2 && { externalId: `job-${number}-twin` }),
  }));
  return { kind: 'job', ...(number % 5 !== 4 && { key: `job-${number}` }), items, hasTwins };
}
