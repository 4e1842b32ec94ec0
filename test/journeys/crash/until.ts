import { setTimeout as delay } from 'node:timers/promises';

/** Resolves to true once something is so, and to false when it is not within so many milliseconds. */
export async function until(isSo: () => boolean | Promise<boolean>, patience = Infinity): Promise<boolean> {
  const end = performance.now() + patience;
  while (!(await isSo())) {
    if (performance.now() > end) return false;
    await delay(10);
  }
  return true;
}
