import { cp, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './cli-process.ts';

/** What a copy does without: dependencies are linked, and the rest is made. */
const left = new Set(['.git', '.local', 'cdk.out', 'coverage', 'node_modules']);

/** A copy of the project in a temporary folder, for commands that write into it. */
export async function copyProject(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'project-'));
  const names = (await readdir(root)).filter((name) => !left.has(name));
  await Promise.all(names.map((name) => cp(join(root, name), join(copy, name), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
