import { beforeAll, expect, it } from '@jest/globals';
import type { CrashResult } from './crash-run.ts';

/** A run that is to be judged. */
interface CrashRun {
  seed: number;
  isFull: boolean;
  /** What it is called, with the settings that repeat it. */
  name: string;
  run: () => Promise<CrashResult>;
}

/** What holds after any of these runs; `ending` is the rule of what is left. */
export function crashRules(ending: string, { seed, isFull, name, run }: CrashRun): void {
  let result: CrashResult;
  beforeAll(
    async () => {
      process.stderr.write(`${name}\n`);
      result = await run();
      process.stderr.write(`${name}: ${result.asks} asks, ${result.deaths.length} threads died\n`);
    },
    isFull ? 900_000 : 240_000,
  );

  it(ending, () => {
    const { faults, deaths } = result;
    // Which deaths there were is of interest only then.
    expect(faults.length > 0 ? { seed, faults, deaths } : {}).toEqual({});
  });

  it('has died at every point that was to be', () => {
    expect({ seed, unmet: result.unmet }).toEqual({ seed, unmet: [] });
  });

  it('waits for nothing that is not a point to die at', () => {
    expect(result.unnamed).toEqual([]);
  });
}
