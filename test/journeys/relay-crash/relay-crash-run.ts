import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { drained, openServersIn } from '../../servers/servers-in.ts';
import { askAll } from '../crash/ask-all.ts';
import type { Delivery } from '../crash/asks.ts';
import type { Clients } from '../crash/clients.ts';
import type { CrashResult } from '../crash/crash-run.ts';
import { relayCalls } from '../crash/kill-points.ts';
import { deathsOf } from '../crash/kill-schedule.ts';
import { Ledger } from '../crash/ledger.ts';
import { MortalSystem } from '../crash/mortal-system.ts';
import { seeded } from '../crash/seeded.ts';
import { faultsBeside } from '../crash/settled.ts';
import { signingSecrets } from '../crash/signing-secrets.ts';
import { until } from '../crash/until.ts';
import { openMortalsVendor, type MortalsVendor } from './mortals-vendor.ts';
import { furtherJob, relayPlan, singles } from './relay-plan.ts';

/** What is to happen. All of it follows from the seed, but for what runs at the same time as what. */
export interface RelayCrashOptions {
  seed: number;
  /** Conversations that are asked for, besides what is needed to come to each point. */
  drafts: number;
  /** The points at which threads are to die: each once at least. */
  points: readonly string[];
  /** Is it also killed while it starts, and do some bulks take the vendor longer? */
  isFull: boolean;
}

/** Rounds of further asks at most, until each point was come to. */
const mostRounds = 40;
/** Milliseconds after which what is asked for comes in another batch, and in which it is handed over, followed up, and all is settled. */
const patience = { alone: 1300, handedOver: 2500, followedUp: 9000, settled: 240_000 };

/**
 * Asks a system that relays while write-drafts dies, kills all of it while bulks are under way, then lets it settle and compares. The vendor
 * lives on. A message is received once in each life, of which there are four at most: the queue gives none up.
 */
export async function relayCrash({ seed, drafts, points, isFull }: RelayCrashOptions): Promise<CrashResult> {
  const vendor = await openMortalsVendor(isFull);
  const system = new MortalSystem(relayCalls, vendor);
  const ledger = new Ledger();
  const random = seeded(seed, 'system');
  const plan = relayPlan(seed, drafts);
  vendor.addCustomers(plan.customers);
  const start = (life: number) => system.start(deathsOf(seed, life, points, new Set(system.deaths())));
  const unmet = (): string[] => {
    const met = new Set(system.deaths());
    return points.filter((point) => !met.has(point));
  };
  try {
    await Promise.all([start(1), ...plan.clashing.map((each) => hold(each, vendor, ledger))]);
    const clients: Clients = { ...system.ready, secretOf: signingSecrets(system.dataDir), ledger };
    let answered = 0;
    const asked = askAll(plan.asks.map(withoutHolder), clients, () => answered++);
    const jobs = plan.asks.filter((ask) => ask.kind === 'job');
    let further = 0;
    const askForMore = async (): Promise<void> => {
      const job = furtherJob(further++, jobs);
      vendor.addCustomers(job.items.map(({ customer }) => customer));
      await askAll([job], clients);
    };
    if (isFull) {
      await until(() => answered >= (plan.asks.length * random.between(30, 70)) / 100);
      await killUnderWay(system, askForMore);
      await system.startAndKill(random.between(0, 1500));
      await start(2);
    }
    await asked;
    if (isFull) await until(() => unmet().length === 0, patience.followedUp);
    vendor.refuseSome(true);
    for (let round = 0; unmet().length > 0 && round < mostRounds; round++) {
      const { fitting, clashing } = singles(round);
      await hold(clashing, vendor, ledger);
      await askAll([fitting, withoutHolder(clashing)], clients);
      await until(() => unmet().length === 0, patience.alone);
      await askForMore();
      await until(() => unmet().length === 0, patience.alone);
    }
    vendor.refuseSome(false);
    await killUnderWay(system, askForMore);
    await system.start();
    const faults = await settle(system, vendor, ledger);
    const deaths = system.deaths();
    const unnamed = deaths.filter((point) => point.startsWith('unnamed '));
    return { faults, deaths, unmet: unmet(), unnamed, asks: plan.asks.length };
  } finally {
    await system.remove();
    await vendor.close();
  }
}

async function hold(clashing: Delivery, vendor: MortalsVendor, ledger: Ledger): Promise<void> {
  const id = await vendor.hold(clashing);
  ledger.accept(clashing.holder!.name);
  ledger.told(clashing.holder!.name, id);
}

/** The vendor has what holds its externalId already. */
function withoutHolder<Asked extends { kind: string }>(asked: Asked): Asked {
  const { holder: _, ...rest } = asked as Asked & { holder?: unknown };
  return rest as unknown as Asked;
}

/** Kills it when something is handed over whose outcome is not asked for yet: its follow-up is delayed. */
async function killUnderWay(system: MortalSystem, askForMore: () => Promise<void>): Promise<void> {
  const { sqs, draftsQueue: QueueUrl, close } = await openServersIn(system.dataDir);
  const delayed = 'ApproximateNumberOfMessagesDelayed';
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [delayed] });
  const isUnderWay = async () => Number((await sqs.send(asked)).Attributes?.[delayed]) > 0;
  try {
    // What was asked for before may all be hidden by deaths.
    while (!(await until(isUnderWay, patience.handedOver))) await askForMore();
    await system.kill();
  } finally {
    close();
  }
}

async function settle(
  { dataDir, ready }: MortalSystem,
  vendor: MortalsVendor,
  ledger: Ledger,
): Promise<string[]> {
  const servers = await openServersIn(dataDir);
  try {
    // What died is handed over again, and the vendor works on this machine too.
    await drained(servers, patience.settled).catch((error: unknown) => ledger.faults.push(String(error)));
    return await faultsBeside(await vendor.conversations(), ledger, ready, servers);
  } finally {
    servers.close();
  }
}
