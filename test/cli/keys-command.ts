import { nodeProcess, type Ended } from './cli-process.ts';

/** Runs `npm run keys -- <args>` on the local data in `dataDir`, as the process that npm would start. */
export function keysCommand(dataDir: string, ...args: string[]): Promise<Ended> {
  return nodeProcess(['cli/keys.ts', ...args], { env: { INTAKE_DATA_DIR: dataDir } });
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
