import { readFile } from 'node:fs/promises';
import { mintApiKey, type ApiKeyRecord } from '../functions/access/api-key.ts';
import { ApiKeysTable } from '../functions/access/api-keys-table.ts';
import type { Runtime } from './runtime.ts';
import { StartFailure } from './start-failure.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** A key for trying things out, and the organisation it belongs to. */
export interface DevelopmentKey {
  readonly key: string;
  readonly org: string;
}

interface StoredKey {
  key: string;
  record: ApiKeyRecord;
}

/**
 * Makes sure that one API key with every role is in the keys table. It is made once and kept in a file, so that it is
 * the same after every restart.
 *
 * @param path the file
 * @throws StartFailure when the template does not name its keys table or its organisation
 */
export async function ensureDevelopmentKey(path: string, runtime: Runtime): Promise<DevelopmentKey> {
  const org = needOutput(runtime, 'OrganisationId');
  const user = needOutput(runtime, 'OrganisationUserId');
  const table = new ApiKeysTable(runtime.dynamodb, needOutput(runtime, 'ApiKeysTable'));
  let stored = await readStored(path);
  if (stored?.record.org !== org || stored.record.user !== user) {
    stored = mintApiKey({ org, user, roles: ['org'], name: 'development key of the local run' });
    await writeFileAtomically(path, JSON.stringify(stored, null, 2));
  }
  await table.put(stored.record);
  return { key: stored.key, org };
}

function needOutput(runtime: Runtime, name: string): string {
  const value = runtime.output(name);
  if (value === undefined) throw new StartFailure(`No stack of the app has an output named ${name}.`);
  return value;
}

async function readStored(path: string): Promise<StoredKey | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StoredKey;
  } catch {
    return undefined;
  }
}
