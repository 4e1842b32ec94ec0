import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endpointsPath, openDataDir, type DataDir } from './data-dir.ts';
import { projectRoot } from './project-root.ts';
import { StartFailure } from './start-failure.ts';
import { runContext } from './run-context.ts';
import { synthesize } from './synthesize.ts';
import { readAssembly } from './template/assembly.ts';
import { Resolver } from './template/resolver.ts';

/** The template of a data folder, for a command. */
export interface LocalTemplate {
  /** Absolute path. */
  dataDir: string;
  /** Does a local system run on the folder? */
  isRunning: boolean;
  /** Knows every resource but the addresses of servers. */
  resolver: Resolver;
  /** Lets a local system start on the folder: until then none can. */
  release(): void;
}

/**
 * Opens a data folder (default `.local`): the template that runs on it, or the one that would at the next start.
 *
 * @throws StartFailure when the folder cannot be written, or the template cannot be made
 */
export async function openLocalTemplate(data: string | undefined): Promise<LocalTemplate> {
  const dataDir = resolve(data || join(projectRoot, '.local'));
  const held = tryToHold(dataDir);
  const folder = join(dataDir, 'cdk.out');
  try {
    // What runs is never replaced under the running functions.
    const assembly = held ? await synthesize(projectRoot, folder, runContext(process.env)).assembly : folder;
    const resolver = new Resolver(readAssembly(assembly), { sqs: '', gateway: '' });
    return { dataDir, isRunning: !held, resolver, release: () => held?.release() };
  } catch (error) {
    held?.release();
    throw error;
  }
}

/** The folder, if no local system runs on it. */
function tryToHold(dataDir: string): DataDir | undefined {
  try {
    return openDataDir(dataDir);
  } catch (error) {
    // Without that file nothing runs there: the folder itself is at fault.
    if (error instanceof StartFailure && existsSync(endpointsPath(dataDir))) return undefined;
    throw error;
  }
}
