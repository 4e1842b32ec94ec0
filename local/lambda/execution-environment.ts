import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FunctionSettings } from './function-settings.ts';
import type { Invocation, ThreadMessage, ThreadSettings } from './messages.ts';

/** What became of an invocation. `payload` is the handler's result as JSON, `reason` a line for the log. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly reason: string };

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: the init phase has 10 seconds.
const INIT_TIMEOUT_MS = 10_000;

/** One thread running one function: one invocation at a time, until it dies. */
export class ExecutionEnvironment {
  readonly #settings: FunctionSettings;
  readonly #worker: Worker;
  readonly #started: Promise<void>;
  #settle: ((outcome: Outcome) => void) | undefined;
  #dead: string | undefined;

  /** @param notice called with each line of the function that a person should see */
  constructor(settings: FunctionSettings, notice: (text: string) => void) {
    this.#settings = settings;
    this.#worker = new Worker(new URL('./function-thread.ts', import.meta.url), {
      workerData: threadSettings(settings),
      env: settings.environment,
      argv: [],
      // Node applies NODE_OPTIONS of `env` to the thread; none of this process's own flags reach it.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    });
    this.#started = new Promise((resolve) => {
      this.#worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'notice') notice(message.text);
        else if (message.kind === 'end')
          setTimeout(() => void this.stop('its watcher had it ended'), message.afterMs);
        else if (message.kind === 'result') this.#finish({ kind: 'answered', payload: message.payload });
        else this.#finish({ kind: 'failed', reason: message.message });
      });
      this.#worker.on('error', (error) =>
        this.#die(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      this.#worker.on('exit', (code) => {
        this.#die(`the function ended its process with code ${code}`);
        resolve();
      });
    });
  }

  /** Why this environment takes no more invocations; undefined while it does. */
  get dead(): string | undefined {
    return this.#dead;
  }

  /** Resolves when the handler is loaded, or will never be: then `dead` says why. */
  async start(): Promise<void> {
    const timer = setTimeout(() => this.stop('its code took more than 10 seconds to load'), INIT_TIMEOUT_MS);
    await this.#started;
    clearTimeout(timer);
  }

  /**
   * Runs the handler once. Only after `start`, and never before the last invocation ended.
   *
   * @param event as JSON
   * @param traceId in the form of the X-Amzn-Trace-Id header
   */
  invoke(event: string, traceId: string): Promise<Outcome> {
    if (this.#dead !== undefined) return Promise.resolve({ kind: 'failed', reason: this.#dead });
    const { timeoutMs } = this.#settings;
    const deadline = Date.now() + timeoutMs;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const reason = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        this.#finish({ kind: 'timed-out', reason });
        this.stop(reason);
      }, timeoutMs);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(outcome);
      };
      this.#worker.postMessage({ event, requestId: randomUUID(), traceId, deadline } satisfies Invocation);
    });
  }

  /** Ends the thread, whatever it is doing. A running invocation fails with the reason. */
  stop(reason: string): Promise<number> {
    this.#die(reason);
    return this.#worker.terminate();
  }

  #finish(outcome: Outcome): void {
    this.#settle?.(outcome);
  }

  #die(reason: string): void {
    this.#dead ??= reason;
    this.#finish({ kind: 'failed', reason });
  }
}

/** What a thread needs of them: not all can be handed to it. */
function threadSettings(settings: FunctionSettings): ThreadSettings {
  const { name, shownName, arn, codeFolder, handler, memoryMb, logGroup, logFile, watcher } = settings;
  return { name, shownName, arn, codeFolder, handler, memoryMb, logGroup, logFile, watcher };
}
