import { customerIndex } from '../../../functions/conversations/dynamo-list.ts';
import type { ServersIn } from '../../servers/servers-in.ts';
import { sourceNames } from './deliveries.ts';
import type { Ready } from './dying-system.ts';
import type { AcceptedJob, Ledger } from './ledger.ts';
import { conversationsThere, deadLettersThere, jobThere, recordsThere } from './read-back.ts';

/** What is wrong with a system that was left to settle, against what its clients were promised; empty when nothing is. */
export async function faultsThere(ledger: Ledger, ready: Ready, behind: ServersIn): Promise<string[]> {
  const there = await conversationsThere(behind);
  const listed = await conversationsThere(behind, { IndexName: customerIndex });
  const inLists = ledger.faultsOf(listed).map((fault) => `in lists: ${fault}`);
  return [...(await faultsBeside(there, ledger, ready, behind)), ...inLists];
}

/** The same, where the conversations are that `there` has, ids by name. */
export async function faultsBeside(
  there: ReadonlyMap<string, readonly string[]>,
  ledger: Ledger,
  ready: Ready,
  behind: ServersIn,
): Promise<string[]> {
  const ids = new Set([...there.values()].flat());
  const ofJobs: string[] = [];
  for (const accepted of ledger.jobs) ofJobs.push(...(await faultsOfJob(accepted, ids, ready)));
  return [
    ...ledger.faults,
    ...ledger.faultsOf(there),
    ...ofJobs,
    ...(await faultsOfRecords(ledger, ids, ready)),
    ...(await faultsOfDeadLetters(ledger, behind)),
  ];
}

async function faultsOfJob(
  { id, job: { items, hasTwins } }: AcceptedJob,
  ids: ReadonlySet<string>,
  ready: Ready,
): Promise<string[]> {
  const { job, batches } = await jobThere(id, ready);
  const sum = (count: 'successCount' | 'failureCount'): number =>
    batches.reduce((total, { attributes }) => total + attributes[count], 0);
  const made = batches.flatMap(({ attributes }) => attributes.objectIds);
  const failed = hasTwins ? 1 : 0;
  const { completed, batches: counts } = job.attributes;
  const found = {
    completed,
    complete: counts.complete,
    idsTotal: counts.idsTotal,
    successCount: sum('successCount'),
    failureCount: sum('failureCount'),
    ids: new Set(made).size,
    lost: made.filter((each) => !ids.has(each)).length,
  };
  const right: typeof found = {
    completed: true,
    complete: counts.total,
    idsTotal: items.length - failed,
    successCount: items.length - failed,
    failureCount: failed,
    ids: items.length - failed,
    lost: 0,
  };
  const [is, should] = [JSON.stringify(found), JSON.stringify(right)];
  return is === should ? [] : [`job ${id} is ${is} and should be ${should}`];
}

async function faultsOfRecords(ledger: Ledger, ids: ReadonlySet<string>, ready: Ready): Promise<string[]> {
  const faults: string[] = [];
  const missing = new Map(ledger.verdicts);
  for (const source of sourceNames) {
    for (const { id, attributes } of await recordsThere(source, ready)) {
      const delivery = `${source} ${id}`;
      const { verdict, conversation, error } = attributes;
      const expected = ledger.verdicts.get(delivery);
      if (!missing.delete(delivery)) faults.push(`${delivery}: there is a record too many, ${verdict}`);
      else if (verdict !== expected) faults.push(`${delivery}: ${verdict}, not ${expected} (${error})`);
      else if (verdict === 'created' && !ids.has(conversation ?? '')) {
        faults.push(`${delivery}: its conversation ${conversation} is not there`);
      }
    }
  }
  return [...faults, ...[...missing.keys()].map((delivery) => `${delivery}: there is no record`)];
}

/** A letter that was sent, but whose message was not taken off the queue before the function died, lies there twice. */
async function faultsOfDeadLetters(ledger: Ledger, behind: ServersIn): Promise<string[]> {
  const faults: string[] = [];
  const missing = new Set(ledger.deadLetters);
  for (const { name, reason } of await deadLettersThere(behind)) {
    missing.delete(name);
    if (reason === undefined) faults.push(`dead letter without a reason: ${name}`);
    else if (!ledger.deadLetters.has(name))
      faults.push(`dead letter that should be none: ${name}, ${reason}`);
  }
  return [...faults, ...[...missing].map((name) => `there is no dead letter of ${name}`)];
}
