import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { putReadyAssembly } from '../../local/ready-assembly.ts';
import type { DyingSystemOptions, Ready, RelayedVendor } from './dying-system.ts';
import type { Calls } from './kill-points.ts';
import type { Deaths } from './kill-schedule.ts';

const script = join(import.meta.dirname, 'dying-system.ts');

/** The local system in a process group of its own, which is killed and started again on the same data and port. */
export class MortalSystem {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'intake-crash-'));
  readonly #log = join(this.dataDir, 'deaths.log');
  readonly #calls: Calls;
  readonly #vendor: RelayedVendor | undefined;
  #process: ChildProcess | undefined;
  #ready: Ready | undefined;

  /** `calls` are those that its functions make; with a vendor it relays there. */
  constructor(calls: Calls, vendor?: RelayedVendor) {
    this.#calls = calls;
    this.#vendor = vendor;
  }

  /** Where it serves, once it has been started: the same all its lives. */
  get ready(): Ready {
    if (!this.#ready) throw new Error('It was never started');
    return this.#ready;
  }

  /** Starts it; resolves when it serves. Throws an Error with what it printed when it does not. */
  async start(deaths?: Deaths): Promise<void> {
    if (!this.#ready) await putReadyAssembly(this.dataDir, this.#vendor?.url);
    const child = this.#spawn(deaths);
    const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (typeof ready !== 'object' || ready === null) throw new Error(this.#printed());
    this.#ready = ready as Ready;
  }

  /** Starts it, and kills it so many milliseconds later, whether it serves by then or not. */
  async startAndKill(milliseconds: number): Promise<void> {
    this.#spawn();
    await delay(milliseconds);
    await this.kill();
  }

  /** SIGKILL to all of it. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await exited;
  }

  /** At which points threads have died, in their order; those of all lives. */
  deaths(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').slice(0, -1) : [];
  }

  /** Kills it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #spawn(deaths?: Deaths): ChildProcess {
    const output = openSync(join(this.dataDir, 'start.log'), 'a');
    const port = Number(this.#ready ? new URL(this.#ready.url).port : 0);
    const options: DyingSystemOptions = {
      dataDir: this.dataDir,
      port,
      log: this.#log,
      calls: this.#calls,
      ...(this.#vendor && { vendor: this.#vendor }),
      ...(deaths && { deaths }),
    };
    this.#process = spawn(process.execPath, [script, JSON.stringify(options)], {
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    return this.#process;
  }

  #printed(): string {
    return `The system ended before it served:\n${readFileSync(join(this.dataDir, 'start.log'), 'utf8')}`;
  }
}
