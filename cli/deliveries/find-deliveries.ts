import { UsageError } from '../run-command.ts';
import { Refused, type DeliveryFilter, type DeliveryResource, type HooksApi } from './hooks-api.ts';

const pageSize = 100;

/** Which deliveries: of these sources, with any of these verdicts; with any at all when none is given. */
export interface Wanted {
  sources: readonly string[];
  verdicts: readonly string[];
  filter: Pick<DeliveryFilter, 'from' | 'to'>;
}

/**
 * The deliveries that are meant, newest first: at most `limit` of them, with whether there are more. Sources that what runs does not
 * have are passed over. Throws UsageError when it has none of them.
 */
export async function listOfAll(
  api: HooksApi,
  { sources, verdicts, filter }: Wanted,
  limit: number,
  signal: AbortSignal,
): Promise<{ deliveries: DeliveryResource[]; isCut: boolean }> {
  const filters = verdicts.length === 0 ? [filter] : verdicts.map((verdict) => ({ ...filter, verdict }));
  const lists = await Promise.all(
    sources.flatMap((source) => filters.map((each) => listOfOne(api, source, each, limit, signal))),
  );
  if (lists.every((list) => list === undefined)) throw notThere(sources);
  const all = lists.flatMap((list) => list ?? []).toSorted(newestFirst);
  return { deliveries: all.slice(0, limit), isCut: all.length > limit };
}

/** One delivery by its id, in whichever of these sources it is. Throws UsageError when it is in none, or in several. */
export async function findOne(
  api: HooksApi,
  sources: readonly string[],
  id: string,
): Promise<DeliveryResource> {
  const found = (await Promise.all(sources.map((source) => api.find(source, id)))).flatMap(
    (each) => each ?? [],
  );
  if (found.length > 1) {
    const names = found.map(({ attributes }) => attributes.source).join(' and ');
    throw new UsageError(`The delivery ${id} is in ${names}: say which with --source`);
  }
  if (found[0]) return found[0];
  const where = sources.length === 1 ? ` of ${sources[0]}` : '';
  throw new UsageError(
    `There is no delivery ${id}${where}, or it is no longer kept: npm run deliveries -- list shows the ids`,
  );
}

/** Said of sources that are in the project, and not in what runs. */
export function notThere(sources: readonly string[]): UsageError {
  return new UsageError(
    `What runs there has no source ${sources.join(', ')}, or the key is another organisation's`,
  );
}

/** Undefined when what runs there does not have the source. One more than `limit` tells that there are more. */
async function listOfOne(
  api: HooksApi,
  source: string,
  filter: DeliveryFilter,
  limit: number,
  signal: AbortSignal,
): Promise<DeliveryResource[] | undefined> {
  const found: DeliveryResource[] = [];
  let next: string | undefined;
  do {
    try {
      const page = await api.list(source, { ...filter, pageSize: Math.min(pageSize, limit + 1) }, next);
      found.push(...page.deliveries);
      next = page.next ?? undefined;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  } while (next !== undefined && found.length <= limit && !signal.aborted);
  return found;
}

function newestFirst({ attributes: a }: DeliveryResource, { attributes: b }: DeliveryResource): number {
  return a.receivedAt < b.receivedAt ? 1 : a.receivedAt > b.receivedAt ? -1 : 0;
}
