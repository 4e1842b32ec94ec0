import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putReadyAssembly } from './local/ready-assembly.ts';

declare global {
  /** The local system that the contract's tests talk to. */
  var localSystemProcess: ChildProcess | undefined;
}

/**
 * Starts one local system for all tests of the contract, on a free port and in a fresh folder, and does not wait for it:
 * test/contract/local-system.ts does, so that other tests run meanwhile.
 */
export default async function startLocalSystem(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'intake-contract-'));
  process.env['CONTRACT_DATA_DIR'] = dataDir;
  await putReadyAssembly(dataDir);
  const log = openSync(join(dataDir, 'start.log'), 'a');
  globalThis.localSystemProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, '..', 'local', 'start.mjs')],
    { env: { ...process.env, PORT: '0', INTAKE_DATA_DIR: dataDir }, stdio: ['ignore', log, log] },
  );
}
