import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runContext } from '../../local/run-context.ts';
import { sourceFingerprint } from '../../local/source-fingerprint.ts';
import { projectRoot } from '../../local/project-root.ts';
import { stampFile, synthesize } from '../../local/synthesize.ts';

const cache = join(projectRoot, 'node_modules', '.cache', 'test-assemblies');
const hourMs = 60 * 60 * 1000;
/** Stands in templates for where the vendor is, which is elsewhere each time. */
const anyVendor = 'http://vendor.invalid';

/**
 * Puts the synthesized app into a data folder, so that what opens the folder finds it as a run before would have left it. It is made
 * once, for all test files and for later runs on the same sources. For tests that are not about synthesis. `vendorUrl`: the app that relays
 * there.
 */
export async function putReadyAssembly(dataDir: string, vendorUrl?: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  // Held by one process at a time; the others wait for what it makes.
  const lock = new DatabaseSync(join(cache, 'lock'), { timeout: 60_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const context = contextFor(vendorUrl && anyVendor);
    const folder = join(cache, sourceFingerprint(projectRoot, context));
    await synthesize(projectRoot, folder, context).assembly;
    utimesSync(folder, new Date(), new Date());
    removeUnused();
    if (vendorUrl === undefined) symlinkSync(folder, join(dataDir, 'cdk.out'));
    else putFor(vendorUrl, folder, join(dataDir, 'cdk.out'));
  } finally {
    lock.close();
  }
}

function contextFor(vendorUrl: string | undefined) {
  return runContext(vendorUrl ? { KUSTOMER_BASE_URL: vendorUrl } : {});
}

/** An assembly as that of `vendorUrl` would be: its texts tell that, and all else is shared. */
function putFor(vendorUrl: string, from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (!name.endsWith('.json')) symlinkSync(join(from, name), join(to, name));
    else
      writeFileSync(join(to, name), readFileSync(join(from, name), 'utf8').replaceAll(anyVendor, vendorUrl));
  }
  rmSync(join(to, stampFile));
  writeFileSync(join(to, stampFile), sourceFingerprint(projectRoot, contextFor(vendorUrl)));
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
