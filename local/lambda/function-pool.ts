import { appendFile } from 'node:fs/promises';
import { ExecutionEnvironment, type Outcome } from './execution-environment.ts';
import type { FunctionSettings } from './function-settings.ts';

interface Waiting {
  readonly event: string;
  readonly traceId: string;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * One Lambda function. Each invocation gets an execution environment to itself, as in Lambda: an idle one if there is,
 * else a new one, up to the function's concurrency; beyond that invocations wait in the order they came.
 */
export class FunctionPool {
  readonly settings: FunctionSettings;
  readonly #print: (line: string) => void;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #closed = false;

  /** @param print shows a line on the console: what failed, and what the function itself reports as such */
  constructor(settings: FunctionSettings, print: (line: string) => void) {
    this.settings = settings;
    this.#print = print;
  }

  /**
   * Runs the function once. Never throws: how it failed is in the outcome.
   *
   * @param event as JSON
   * @param traceId in the form of the X-Amzn-Trace-Id header
   */
  invoke(event: string, traceId: string): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#waiting.push({ event, traceId, resolve });
      this.#advance();
    });
  }

  /** Starts one environment ahead of the first invocation. */
  warm(): void {
    if (this.#all.size === 0) this.#open();
  }

  /** Ends every environment. What runs or waits fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const reason = 'the local system is stopping';
    for (const { resolve } of this.#waiting.splice(0)) resolve({ kind: 'failed', reason });
    await Promise.all([...this.#all].map((environment) => environment.stop(reason)));
  }

  #advance(): void {
    while (this.#waiting.length > 0) {
      const environment = this.#idle.pop();
      if (!environment) break;
      // One that died while idle (a stray rejection) is left out; another takes its place below.
      if (environment.dead === undefined) void this.#run(environment);
      else this.#all.delete(environment);
    }
    const missing = Math.min(
      this.#waiting.length - this.#starting,
      this.settings.concurrency - this.#all.size,
    );
    for (let count = 0; count < missing && !this.#closed; count += 1) this.#open();
  }

  #open(): void {
    const environment = new ExecutionEnvironment(this.settings, (text) => this.#notice(text));
    this.#all.add(environment);
    this.#starting += 1;
    void environment.start().then(() => {
      this.#starting -= 1;
      // Dead on arrival: it still takes one invocation, which fails with the reason, as Lambda answers an init error.
      if (environment.dead !== undefined && this.#waiting.length === 0)
        this.#discard(environment, environment.dead);
      else this.#idleAgain(environment);
    });
  }

  #idleAgain(environment: ExecutionEnvironment): void {
    if (this.#waiting.length > 0) void this.#run(environment);
    else this.#idle.push(environment);
  }

  async #run(environment: ExecutionEnvironment): Promise<void> {
    const waiting = this.#waiting.shift();
    if (!waiting) return this.#idleAgain(environment);
    const outcome = await environment.invoke(waiting.event, waiting.traceId);
    if (environment.dead !== undefined) this.#discard(environment, environment.dead);
    else if (outcome.kind === 'failed') this.#notice(outcome.reason);
    waiting.resolve(outcome);
    if (environment.dead === undefined) this.#idleAgain(environment);
    else this.#advance();
  }

  #discard(environment: ExecutionEnvironment, reason: string): void {
    this.#all.delete(environment);
    if (this.#closed) return;
    this.#notice(reason);
    const line = `${new Date().toISOString()}\t${reason.replaceAll('\n', '\\n')}\n`;
    void appendFile(this.settings.logFile, line, { mode: 0o600 }).catch(() => {});
  }

  #notice(text: string): void {
    this.#print(`${this.settings.shownName}: ${text}`);
  }
}
