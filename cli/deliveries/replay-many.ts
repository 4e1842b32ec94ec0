import { causeOf } from '../cause-of.ts';
import { showProgress } from '../show-progress.ts';
import { notThere, type Wanted } from './find-deliveries.ts';
import { Refused, type HooksApi, type ReplayCounts } from './hooks-api.ts';

/** What becomes of the deliveries of a source with one verdict. */
export interface ManyReplayed {
  source: string;
  verdict: string;
  counts: ReplayCounts;
}

/** Deliveries in one request: so often the bar moves. */
const chunk = 100;
const kinds = ['queued', 'repeated', 'ignored', 'rejected', 'failed'] as const;

/** Tells what would become of the deliveries, and changes nothing. Throws UsageError when no source is there. */
export async function previewMany(
  api: HooksApi,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<ManyReplayed[]> {
  const rows = await eachOf(api, wanted, { dryRun: true, signal, onMore: () => {} });
  return rows.filter(({ counts }) => counts.matched > 0);
}

/**
 * Replays the deliveries through the queue, with a bar of `total`. Throws when the API is out of reach; to replay again is safe, and
 * goes on.
 */
export async function replayMany(
  api: HooksApi,
  wanted: Wanted,
  { total, signal }: { total: number; signal: AbortSignal },
): Promise<ManyReplayed[]> {
  const progress = showProgress(total);
  let done = 0;
  const onMore = ({ matched }: ReplayCounts): void => progress.show((done += matched));
  try {
    return await eachOf(api, wanted, { dryRun: false, signal, onMore });
  } catch (error) {
    throw new Error(
      `${done} of ${total} were replayed: ${causeOf(error)}. The same command is safe, and goes on.`,
    );
  } finally {
    progress.end();
  }
}

/** All counts together. */
export function sumOf(rows: readonly ManyReplayed[]): ReplayCounts {
  return rows.reduce((sum, { counts }) => add(sum, counts), nothing);
}

/** What the counts say, e.g. "10 queued, 2 rejected". */
export function countsText(counts: ReplayCounts): string {
  const some = kinds.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} ${kind}`);
  return some.join(', ') || 'none';
}

const nothing: ReplayCounts = { matched: 0, queued: 0, repeated: 0, ignored: 0, rejected: 0, failed: 0 };

function add(a: ReplayCounts, b: ReplayCounts): ReplayCounts {
  const sum = { ...a, matched: a.matched + b.matched };
  for (const kind of kinds) sum[kind] += b[kind];
  return sum;
}

async function eachOf(
  api: HooksApi,
  { sources, verdicts, filter }: Wanted,
  { dryRun, signal, onMore }: { dryRun: boolean; signal: AbortSignal; onMore: (more: ReplayCounts) => void },
): Promise<ManyReplayed[]> {
  const rows: ManyReplayed[] = [];
  for (const source of sources) {
    for (const verdict of verdicts) {
      let counts = nothing;
      let cursor: string | null = null;
      try {
        do {
          if (signal.aborted) break;
          const request = { ...filter, verdict, dryRun, limit: chunk, ...(cursor !== null && { cursor }) };
          const answer = await api.replayMany(source, request);
          counts = add(counts, answer.counts);
          onMore(answer.counts);
          cursor = answer.next;
        } while (cursor !== null);
        rows.push({ source, verdict, counts });
      } catch (error) {
        // What the project has need not be deployed yet.
        if (!(error instanceof Refused && error.status === 404)) throw error;
      }
    }
  }
  if (rows.length === 0 && !signal.aborted) throw notThere(sources);
  return rows;
}
