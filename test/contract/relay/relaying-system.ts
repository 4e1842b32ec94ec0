import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { putReadyAssembly } from '../../local/ready-assembly.ts';
import type { Answer } from '../local-system.ts';

/** A local system that relays, as anybody would start it. */
export interface RelayingSystem {
  url: string;
  /** A key of its own that may do everything. */
  key: string;
  dataDir: string;
  /** Sends a request with that key; a text as `json` goes as it is. */
  ask(method: string, path: string, json?: unknown, more?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts one in a fresh folder before the vendor at `vendorUrl`. Throws what it printed when it does not start. */
export async function startRelayingSystem(vendorUrl: string, vendorKey: string): Promise<RelayingSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'intake-relay-'));
  await putReadyAssembly(dataDir, vendorUrl);
  const log = openSync(join(dataDir, 'start.log'), 'a');
  const env = {
    ...process.env,
    PORT: '0',
    INTAKE_DATA_DIR: dataDir,
    KUSTOMER_BASE_URL: vendorUrl,
    KUSTOMER_API_KEY: vendorKey,
  };
  const script = join(import.meta.dirname, '../../../local/start.mjs');
  const relay = spawn(process.execPath, [script], { env, stdio: ['ignore', log, log] });
  const ready = join(dataDir, 'ready.json');
  while (!existsSync(ready)) {
    if (relay.exitCode !== null) throw new Error(readFileSync(join(dataDir, 'start.log'), 'utf8'));
    await setTimeout(50);
  }
  const { url, key } = JSON.parse(readFileSync(ready, 'utf8')) as { url: string; key: string };
  return {
    url,
    key,
    dataDir,
    ask: async (method, path, json, more = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...more,
        },
        ...(json !== undefined && { body: typeof json === 'string' ? json : JSON.stringify(json) }),
      });
      const { status, headers } = response;
      return { status, headers, body: await response.json() };
    },
    stop: async () => {
      if (relay.exitCode === null) {
        relay.kill('SIGTERM');
        await once(relay, 'exit');
      }
      rmSync(dataDir, { recursive: true });
    },
  };
}
