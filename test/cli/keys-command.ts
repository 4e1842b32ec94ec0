import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a command printed, and how it ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

const root = join(import.meta.dirname, '../..');

/** Runs `npm run keys -- <args>` on the local data in `dataDir`, as the process that npm would start. */
export function keysCommand(dataDir: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/keys.ts', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', INTAKE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** A key as `create --json` prints it. */
export interface MadeKey {
  key: string;
  id: string;
}

/** A key as `list --json` prints it. */
export interface ListedKey {
  id: string;
  state: 'live' | 'expired' | 'revoked';
  org: string;
  user: string;
  roles: string[];
  name?: string;
  expiresAt?: string;
  revokedAt?: string;
}
