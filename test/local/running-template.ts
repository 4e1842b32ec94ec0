import { startRuntime, type Runtime } from '../../local/runtime.ts';
import { newFolder, writeAssembly, type WrittenTemplate } from './written-assembly.ts';

/** A runtime under test, and what it printed. */
export interface RunningTemplate extends Runtime {
  readonly dataDir: string;
  readonly printed: string[];
}

/**
 * Runs a template on a free port.
 *
 * @param dataDir give it to start on what an earlier run left
 */
export async function runTemplate(
  template: WrittenTemplate,
  dataDir = newFolder(),
): Promise<RunningTemplate> {
  const printed: string[] = [];
  const print = (line: string): void => void printed.push(line);
  const runtime = await startRuntime({ assembly: writeAssembly(template), dataDir, port: 0, print });
  return { ...runtime, dataDir, printed };
}

// Longer than anything takes here; a rule that is broken then fails its test instead of hanging it.
const PATIENCE_MS = 15_000;

/**
 * Asks until there is an answer: for what has no event to wait on.
 *
 * @throws Error when there was none in 15 seconds
 */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`There was no answer in ${PATIENCE_MS} ms: ${ask.toString()}`);
}
