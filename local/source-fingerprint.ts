import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunContext } from './run-context.ts';

// What a template is made from: what runs in Lambda, what describes it, and the files beside them.
const SOURCE_FOLDERS = ['functions', 'infra'];

/**
 * Tells whether synthesizing again could give another template. Dependencies count through package-lock.json.
 *
 * @param root the project's folder
 * @param context what is chosen for the run
 * @returns a hash over the names and contents of all sources, the context and Node's version
 */
export function sourceFingerprint(root: string, context: RunContext): string {
  const hash = createHash('sha256').update(JSON.stringify([context, process.version]));
  const beside = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
  const inside = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true }).filter((entry) =>
      entry.isFile(),
    ),
  );
  const paths = [...beside, ...inside].map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}
