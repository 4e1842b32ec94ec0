import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../local/project-root.ts';

/** `npm start` as a process of its own, whose memory is nobody else's. */
export interface RunningSystem {
  url: string;
  key: string;
  dataDir: string;
  /** Megabytes of its resident memory, all threads together: functions and local servers. */
  memory(): number;
}

/** Runs `work` against such a process on a folder of its own, and ends both afterwards. Throws an Error with what it printed when it does not start. */
export async function withRunningSystem(work: (system: RunningSystem) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const log = join(dataDir, 'start.log');
  const output = openSync(log, 'a');
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const PATH = `${join(projectRoot, 'node_modules', '.bin')}:${process.env['PATH']}`;
  // The script ends with an `exec`: the process is Node's, not the shell's.
  const child = spawn(scripts.start, {
    cwd: projectRoot,
    shell: true,
    env: { PATH, PORT: '0', INTAKE_DATA_DIR: dataDir },
    stdio: ['ignore', output, output],
  });
  const exited = once(child, 'exit');
  try {
    const ready = join(dataDir, 'ready.json');
    while (!existsSync(ready)) {
      if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
      await delay(50);
    }
    const { url, key } = JSON.parse(readFileSync(ready, 'utf8')) as { url: string; key: string };
    await work({ url, key, dataDir, memory: () => residentKilobytes(child.pid!) / 1024 });
  } finally {
    child.kill('SIGTERM');
    await exited;
    rmSync(dataDir, { recursive: true });
  }
}

/** Without the tables of DynamoDB on disk that LevelDB maps: where the system tells them apart, as Linux does, they are not memory in use. */
function residentKilobytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  const own = existsSync(status) && /^RssAnon:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1];
  return Number(own || execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
}
