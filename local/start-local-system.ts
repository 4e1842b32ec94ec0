import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endpointsPath, openDataDir } from './data-dir.ts';
import { ensureDevelopmentKey } from './development-key.ts';
import { projectRoot } from './project-root.ts';
import { setKustomerKey } from './kustomer-key.ts';
import type { WatcherModule } from './lambda/thread-watcher.ts';
import { runContext, type RunContext } from './run-context.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { synthesize } from './synthesize.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Where and how the local system runs. */
export interface LocalSystemOptions {
  /** The folder that data, logs and `ready.json` are kept in. */
  readonly dataDir: string;
  /** 0 for any free port. */
  readonly port: number;
  /** What is chosen of the app: the stage `dev`, unless it says otherwise. */
  readonly context?: RunContext;
  /** The API key that a relay uses from now on. */
  readonly kustomerKey?: string | undefined;
  /** Shows a line on the console. */
  readonly print?: (line: string) => void;
  /** Watches the functions' threads. */
  readonly watcher?: WatcherModule;
}

/** The whole system, running on this machine. */
export interface LocalSystem {
  readonly url: string;
  /** An API key with every role. */
  readonly key: string;
  readonly org: string;
  readonly dataDir: string;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/**
 * Synthesizes the CDK app and runs its template. When it is ready, `<dataDir>/ready.json` says so with
 * `{url, key, org}`; the file is gone when the system is not up, unless it was killed.
 *
 * @throws StartFailure for whatever a person can set right; nothing is left running then
 */
export async function startLocalSystem(options: LocalSystemOptions): Promise<LocalSystem> {
  const { port, context = runContext({}), kustomerKey, print = () => {}, watcher } = options;
  const held = openDataDir(resolve(options.dataDir));
  const dataDir = held.path;
  const ready = join(dataDir, 'ready.json');
  const endpoints = endpointsPath(dataDir);
  rmSync(ready, { force: true });
  const synthesis = synthesize(projectRoot, join(dataDir, 'cdk.out'), context);
  let runtime: Runtime | undefined;
  const close = async (): Promise<void> => {
    rmSync(ready, { force: true });
    rmSync(endpoints, { force: true });
    synthesis.cancel();
    await runtime?.close();
    held.release();
  };
  try {
    runtime = await startRuntime({ assembly: synthesis.assembly, dataDir, port, print, watcher });
    await setKustomerKey(runtime, kustomerKey);
    const { key, org } = await ensureDevelopmentKey(join(dataDir, 'development-key.json'), runtime);
    await writeFileAtomically(endpoints, JSON.stringify(runtime.endpoints));
    await writeFileAtomically(ready, JSON.stringify({ url: runtime.url, key, org }));
    return { url: runtime.url, key, org, dataDir, runtime, close };
  } catch (error) {
    await close();
    throw error;
  }
}
