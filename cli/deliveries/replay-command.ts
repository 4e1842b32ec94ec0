import { askFirst } from '../ask-first.ts';
import { numberOf } from '../number-of.ts';
import { findOne, listOfAll, type Wanted } from './find-deliveries.ts';
import type { DeliveryResource, HooksApi } from './hooks-api.ts';
import { replayEach } from './replay-each.ts';
import { countsText, previewMany, replayMany, sumOf } from './replay-many.ts';
import { showList, verdictCounts } from './show-deliveries.ts';

/** What is to be replayed, and how. */
export interface ReplayWanted extends Wanted {
  /** Ids; none for all that match. */
  ids: readonly string[];
  /** For a further conversation of each. */
  again: boolean;
  dryRun: boolean;
  yes: boolean | undefined;
  json: boolean | undefined;
}

/** Most further conversations that are asked for in one run. */
const mostAgain = 10_000;

/** Shows what would be replayed, asks, and replays it. Resolves to whether all of it was, and fitted its source. */
export async function replay(api: HooksApi, wanted: ReplayWanted, signal: AbortSignal): Promise<boolean> {
  const { ids, again } = wanted;
  if (ids.length > 0) {
    const deliveries = await Promise.all(ids.map((id) => findOne(api, wanted.sources, id)));
    return await replayThese(api, deliveries, wanted, signal);
  }
  if (!again) return await replayMatching(api, wanted, signal);
  const { deliveries } = await listOfAll(api, wanted, mostAgain, signal);
  return await replayThese(api, deliveries, wanted, signal);
}

async function replayThese(
  api: HooksApi,
  deliveries: readonly DeliveryResource[],
  { again, dryRun, yes, json }: ReplayWanted,
  signal: AbortSignal,
): Promise<boolean> {
  if (!json) showList(deliveries, false);
  const many = numberOf(deliveries.length, 'delivery', 'deliveries');
  const what = again ? `make a further conversation of each of ${many}` : `replay ${many}`;
  if (deliveries.length === 0 || dryRun) {
    if (json) console.log(JSON.stringify({ dryRun, wanted: deliveries.map(summaryOf) }));
    else if (deliveries.length > 0) console.log('\nNothing was done: --dry-run.');
    return true;
  }
  if (json) console.error(`To ${what}: ${verdictCounts(deliveries)}`);
  else console.log('');
  if (!(await askFirst(`Shall I ${what}?`, yes))) return declined();
  return await replayEach(api, deliveries, { again, json, signal });
}

async function replayMatching(api: HooksApi, wanted: ReplayWanted, signal: AbortSignal): Promise<boolean> {
  const { dryRun, yes, json } = wanted;
  const preview = await previewMany(api, wanted, signal);
  const { matched } = sumOf(preview);
  if (signal.aborted) return false;
  const print = json ? console.error : console.log;
  if (matched === 0) print('There are no such deliveries.');
  else print(`To replay: ${numberOf(matched, 'delivery', 'deliveries')}\n`);
  for (const { source, verdict, counts } of preview)
    print(`  ${counts.matched}  ${source}  ${verdict}: would be ${countsText(counts)}`);
  if (sumOf(preview).queued > 0) print('\nOf what is queued, each that has its conversation keeps it.');
  if (matched === 0 || dryRun) {
    if (json) console.log(JSON.stringify({ dryRun, ...sumOf(preview), rows: preview }));
    else if (matched > 0) console.log('\nNothing was done: --dry-run.');
    return true;
  }
  print('');
  if (!(await askFirst(`Shall I replay ${numberOf(matched, 'delivery', 'deliveries')}?`, yes)))
    return declined();
  const rows = await replayMany(api, wanted, { total: matched, signal });
  const sum = sumOf(rows);
  if (json)
    console.log(JSON.stringify({ dryRun, ...sum, rows: rows.filter(({ counts }) => counts.matched > 0) }));
  else {
    console.log(`${sum.matched} replayed: ${countsText(sum)}.`);
    if (sum.queued > 0)
      console.log(
        'What is queued has its conversation soon: npm run deliveries -- list --verdict failed shows what has not.',
      );
    if (signal.aborted) console.log('Stopped: the same command is safe, and goes on.');
  }
  return sum.rejected + sum.failed === 0;
}

function declined(): boolean {
  console.error('Nothing was done.');
  return false;
}

function summaryOf({ id, attributes: { source, verdict, conversation } }: DeliveryResource) {
  return { source, id, verdict, conversation };
}
