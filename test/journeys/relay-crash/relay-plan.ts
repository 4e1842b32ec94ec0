import { objectId } from '../../conversations/asked.ts';
import type { Ask, Delivery, Job } from '../crash/asks.ts';
import { clashing, fitting } from '../crash/deliveries.ts';
import { seeded } from '../crash/seeded.ts';

/** Whose deliveries go by the queue. */
const queuedSources = ['github-releases', 'stripe-disputes', 'shopify-cancelled-orders', 'events'];
/** Items of jobs at most; most jobs are small, as they are, and some have several batches. */
const sizes = [2, 20, 100, 101, 250, 600];
/** Numbers of customers who are asked for again and again, and from which on those are who come once. */
const customers = { few: 40, others: 100_000 };

/** What is asked of the system, and what the vendor must have before. */
export interface RelayPlan {
  asks: Ask[];
  /** Deliveries whose externalId another conversation has already: they are refused. */
  clashing: Delivery[];
  /** Ids of the customers that jobs name. */
  customers: string[];
}

/**
 * So many conversations: a fifth of them by deliveries, a tenth of these repeated; the others by jobs of several sizes, where a tenth of the
 * items ask for what another job asks for. All of it follows from the seed.
 */
export function relayPlan(seed: number, drafts: number): RelayPlan {
  const random = seeded(seed, 'relay plan');
  const fit = Array.from({ length: Math.round(drafts / 5) }, (_, place) =>
    deliveryOf(1_000_000 + place, random.between(0, customers.few)),
  );
  for (const [place, delivery] of fit.entries()) {
    if (place % 20 === 0) delivery.repeated = 'at once';
    if (place % 20 === 10) delivery.repeated = 'later';
  }
  const clashes = Array.from({ length: 4 + Math.round(drafts / 200) }, (_, place) =>
    clashOf(1_500_000 + place),
  );
  const jobs: Job[] = [];
  const ordered = random.shuffled(sizes);
  for (let left = drafts - fit.length; left > 0; left -= jobs.at(-1)!.items.length) {
    const most = ordered[jobs.length % ordered.length]!;
    const size = Math.min(left, random.between(Math.ceil(most / 2), most));
    jobs.push(jobOf(2_000_000 + jobs.length, size, random.shuffled(jobs.flatMap(named))));
  }
  return {
    asks: random.shuffled<Ask>([...fit, ...clashes, ...jobs]),
    clashing: clashes,
    customers: jobs.flatMap(({ items }) => items.map(({ customer }) => customer)),
  };
}

/** Two asks that come alone, and so are created singly: one for a customer whom nobody knows, and one that is refused. */
export function singles(count: number): { fitting: Delivery; clashing: Delivery } {
  return {
    fitting: deliveryOf(3_000_000 + count, customers.others + count),
    clashing: clashOf(3_500_000 + count),
  };
}

/** A job that is handed over, some of whose items the vendor has already. */
export function furtherJob(count: number, earlier: readonly Job[]): Job {
  return jobOf(4_000_000 + count, 30, earlier.flatMap(named));
}

/** A release's author is the customer, and so is the address that an event has. */
function deliveryOf(number: number, customer: number): Delivery {
  const source = queuedSources[number % queuedSources.length]!;
  if (source === 'github-releases') return fitting(source, number, { '/release/author/id': customer });
  if (source !== 'events') return fitting(source, number);
  return fitting(source, number, { '/data/customer/email': `customer-${customer}@example.com` });
}

/** What has the externalId is for the vendor to have from the start. */
function clashOf(number: number): Delivery {
  return clashing('github-releases', number);
}

/** Every fifth item has an externalId, and every tenth asks for one of `earlier`. */
function jobOf(number: number, size: number, earlier: readonly Job['items'][number][]): Job {
  const customer = objectId(0xb0000 + number);
  const items = Array.from({ length: size }, (_, place) => {
    const repeated = place % 10 === 9 ? earlier[(place - 9) / 10] : undefined;
    const externalId = place % 5 === 0 && { externalId: `job-${number}-row-${place}` };
    return repeated ?? { customer, name: `job ${number} item ${place}`, ...externalId };
  });
  return { kind: 'job', ...(number % 5 !== 4 && { key: `job-${number}` }), items, hasTwins: false };
}

/** The items of a job that may be asked for again, and are its own. */
function named({ items }: Job) {
  return items.filter(({ externalId }, place) => externalId !== undefined && place % 5 === 0);
}
