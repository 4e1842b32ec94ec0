import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a process printed, and how it ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** How a process is run: in this project, with nothing on standard input, unless told. It does not have what is undefined in `env`. */
export interface ProcessOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  input?: string;
}

/** The project's folder. */
export const root = join(import.meta.dirname, '../..');

/** Runs a file with this Node, as the process that npm would start. */
export function nodeProcess(
  args: readonly string[],
  { cwd = root, env = {}, input }: ProcessOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  // A command that ends before it has read its input closes it.
  child.stdin?.on('error', () => {}).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
