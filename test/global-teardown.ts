import { once } from 'node:events';
import { rm } from 'node:fs/promises';

/** Stops the local system that test/global-setup.ts started, and removes its data. */
export default async function stopLocalSystem(): Promise<void> {
  const { localSystemProcess: running } = globalThis;
  if (running && running.exitCode === null && running.signalCode === null) {
    const exited = once(running, 'exit');
    running.kill('SIGTERM');
    await exited;
  }
  const dataDir = process.env['CONTRACT_DATA_DIR'];
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
}
