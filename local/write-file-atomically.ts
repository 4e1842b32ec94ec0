import { rename, writeFile } from 'node:fs/promises';

/**
 * Replaces a file so that a reader, or a start after a crash, sees either the old content or the new one, never half.
 * The file is readable by its owner only (mode 0600): what is written this way holds keys.
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  await writeFile(beside, content, { mode: 0o600 });
  await rename(beside, path);
}
