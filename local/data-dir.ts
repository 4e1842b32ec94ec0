import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartFailure } from './start-failure.ts';

/** The folder one local system keeps everything in, held by this process alone until `release`. */
export interface DataDir {
  readonly path: string;
  /** Lets the next process have the folder. Not calling it is fine: the lock dies with the process. */
  release(): void;
}

/** The file in which a running local system says where its servers listen, for other processes of this machine. */
export function endpointsPath(dataDir: string): string {
  return join(dataDir, 'endpoints.json');
}

/**
 * Makes the folder, checks that it can be written, and takes it for this process.
 *
 * The lock is SQLite's exclusive lock on a small file. The operating system drops it when the process ends, however it
 * ends, so there is no stale lock to recognise and no process id to mistake for another program's.
 *
 * @param path absolute path of the folder
 * @throws StartFailure when it cannot be written, or another process holds it
 */
export function openDataDir(path: string): DataDir {
  try {
    makeFolder(join(path, 'logs'));
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw new StartFailure(
      `The data folder ${path} cannot be written (${(cause as Error).message}). Choose another with INTAKE_DATA_DIR=.`,
    );
  }
  const lock = lockExclusively(path);
  return { path, release: () => lock.close() };
}

/** Not Node's recursive mkdir: that one never returns for a folder below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function lockExclusively(path: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, 'lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    throw new StartFailure(
      `Another local system already runs on ${path}${whereItServes(path)}. ` +
        'Stop it, or choose another folder with INTAKE_DATA_DIR= and another port with PORT=.',
    );
  }
}

function whereItServes(path: string): string {
  try {
    const { url } = JSON.parse(readFileSync(join(path, 'ready.json'), 'utf8')) as { url: string };
    return ` and serves ${url}`;
  } catch {
    return '';
  }
}
