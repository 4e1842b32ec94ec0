import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runContext } from '../../local/run-context.ts';
import { sourceFingerprint } from '../../local/source-fingerprint.ts';
import { projectRoot } from '../../local/project-root.ts';
import { synthesize } from '../../local/synthesize.ts';

const cache = join(projectRoot, 'node_modules', '.cache', 'test-assemblies');
const context = runContext({});
const hourMs = 60 * 60 * 1000;

/**
 * Puts the synthesized app into a data folder, so that what opens the folder finds it as a run before would have left it. It is made
 * once, for all test files and for later runs on the same sources. For tests that are not about synthesis.
 */
export async function putReadyAssembly(dataDir: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  // Held by one process at a time; the others wait for what it makes.
  const lock = new DatabaseSync(join(cache, 'lock'), { timeout: 60_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const folder = join(cache, sourceFingerprint(projectRoot, context));
    await synthesize(projectRoot, folder, context).assembly;
    utimesSync(folder, new Date(), new Date());
    removeUnused();
    symlinkSync(folder, join(dataDir, 'cdk.out'));
  } finally {
    lock.close();
  }
}

/** Those of other sources; one that was used within the hour may still be running. */
function removeUnused(): void {
  for (const entry of readdirSync(cache, { withFileTypes: true })) {
    const folder = join(cache, entry.name);
    if (entry.isDirectory() && statSync(folder).mtimeMs < Date.now() - hourMs) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
