import { killPoints } from './kill-points.ts';
import { seeded } from './seeded.ts';

/** When threads die, in one life of the system: between two starts. */
export interface Deaths {
  /** For each point the counts at which the thread that comes to it dies: 3 is the third time that any thread of the function does. */
  at: Readonly<Record<string, readonly number[]>>;
  /** Milliseconds into an invocation, for those that die at some moment. */
  momentMs: number;
}

/** Deaths of one point in a life, where nothing is hidden by them. */
const repeatedDeaths = 3;

/** The points that a run kills at: all, or as many as are wanted, by the seed. */
export function chosenPoints(seed: number, most: number, points = killPoints): string[] {
  return seeded(seed, 'points').shuffled(points).slice(0, most).toSorted();
}

/**
 * The deaths of a life of the system. Those points come soon at which nobody has died yet. A thread of write-drafts dies once a point: the
 * messages that it had are hidden until the system starts anew.
 *
 * @param life from 1
 * @param met the points at which somebody has died in earlier lives
 */
export function deathsOf(
  seed: number,
  life: number,
  chosen: readonly string[],
  met: ReadonlySet<string>,
): Deaths {
  const random = seeded(seed, `life ${life}`);
  const at = chosen.map((point) => {
    // Who loads once may never load again, nor read its key.
    const first = / loading$|\.GetSecretValue$/.test(point) ? 1 : random.between(1, 3);
    const gaps = Array.from({ length: repeatedDeaths - 1 }, () => random.between(10, 60));
    const isWriter = point.startsWith('WriteDrafts ');
    if (isWriter) return [point, met.has(point) ? [] : [first === 3 ? 2 : 1]] as const;
    let count = met.has(point) ? first * 10 : first;
    return [point, [count, ...gaps.map((gap) => (count += gap))]] as const;
  });
  return { at: Object.fromEntries(at), momentMs: random.between(0, 30) };
}
