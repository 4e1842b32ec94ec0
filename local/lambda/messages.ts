import type { WatcherModule } from './thread-watcher.ts';

/** What the runtime tells a function's thread: run the handler once. */
export interface Invocation {
  /** The event as JSON, as Lambda passes it. */
  readonly event: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Milliseconds since 1970 when the time is up. */
  readonly deadline: number;
}

/** What a function's thread is started with, as its `workerData`. */
export interface ThreadSettings {
  readonly name: string;
  readonly shownName: string;
  readonly arn: string;
  readonly codeFolder: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly logFile: string;
  readonly watcher?: WatcherModule | undefined;
}

/** What a function's thread says. */
export type ThreadMessage =
  /** The handler is loaded; invocations may come. */
  | { readonly kind: 'ready' }
  /** The handler answered; `payload` is its result as JSON. */
  | { readonly kind: 'result'; readonly payload: string }
  /** The handler threw, or its result has no JSON form. */
  | { readonly kind: 'error'; readonly message: string }
  /** Something a person should see now, not only in the log file. */
  | { readonly kind: 'notice'; readonly text: string }
  /** Its watcher wants it ended after so many milliseconds. */
  | { readonly kind: 'end'; readonly afterMs: number };
