import { randomUUID } from 'node:crypto';
import { causeOf } from '../cause-of.ts';
import { printable } from '../printable.ts';
import { showProgress } from '../show-progress.ts';
import { Refused, type DeliveryResource, type HooksApi } from './hooks-api.ts';

/** What became of a delivery that was replayed, or why nothing did. */
interface Replayed {
  source: string;
  id: string;
  verdict?: string;
  conversation?: string | null;
  error?: string;
}

/** So many are shown one by one; of more, those that failed. */
const mostShown = 20;

/**
 * Replays deliveries one by one, each for its own conversation, or `again` for a further one; one that is refused does not keep the
 * others. Resolves to whether all were replayed. Throws when the API is out of reach, and says how to go on.
 */
export async function replayEach(
  api: HooksApi,
  deliveries: readonly DeliveryResource[],
  { again, json, signal }: { again: boolean; json: boolean | undefined; signal: AbortSignal },
): Promise<boolean> {
  const progress = showProgress(deliveries.length);
  const results: Replayed[] = [];
  // The same for all of a run: a request that is repeated makes no second one.
  const key = again ? randomUUID() : undefined;
  try {
    for (const delivery of deliveries) {
      if (signal.aborted) break;
      results.push(await replayOne(api, delivery, key));
      progress.show(results.length);
    }
  } catch (error) {
    throw new Error(
      `${results.length} of ${deliveries.length} were replayed: ${causeOf(error)}. ${goOn(deliveries[results.length]!, again)}`,
    );
  } finally {
    progress.end();
  }
  const failed = results.filter(({ error }) => error !== undefined);
  const left = deliveries.length - results.length;
  if (json)
    console.log(
      JSON.stringify({ replayed: results.length - failed.length, failed: failed.length, left, results }),
    );
  else {
    for (const result of results.length > mostShown ? failed : results) console.log(lineOf(result));
    const counts = Map.groupBy(results, ({ verdict = 'failed' }) => verdict);
    const text = [...counts].map(([verdict, { length }]) => `${length} ${verdict}`).join(', ');
    console.log(`${results.length} replayed${text === '' ? '' : `: ${text}`}.`);
    if (left > 0)
      console.log(`Stopped before the other ${left}. ${goOn(deliveries[results.length]!, again)}`);
  }
  return failed.length === 0 && left === 0;
}

async function replayOne(
  api: HooksApi,
  { id, attributes: { source } }: DeliveryResource,
  key: string | undefined,
): Promise<Replayed> {
  try {
    const { verdict, conversation, error } = (await api.replay(source, id, key)).attributes;
    return { source, id, verdict, conversation, ...(error !== null && { error }) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { source, id, error: error.message };
  }
}

function lineOf({ source, id, verdict = 'failed', conversation, error }: Replayed): string {
  return printable(`${verdict}  ${source}  ${id}  ${error ?? conversation ?? ''}`.trimEnd());
}

/** They are newest first. Further conversations that were made would be made once more. */
function goOn({ attributes }: DeliveryResource, again: boolean): string {
  if (!again) return 'The same command is safe, and goes on.';
  const until = new Date(Date.parse(attributes.receivedAt) + 1).toISOString();
  return `The same command with --until ${until} goes on.`;
}
