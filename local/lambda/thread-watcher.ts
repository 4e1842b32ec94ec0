/** A module that each function's thread loads before its handler. Its default export is a `WatchThread`. */
export interface WatcherModule {
  /** A file URL. */
  readonly url: string;
  /** Handed to the module as it is, shared memory included. */
  readonly data: unknown;
}

/** What a thread that is watched tells: either may end the thread, which is then as one that died there. */
export interface ThreadWatcher {
  /** An invocation came, whose handler is about to be called. */
  invoked(): void;
  /** The handler is done, and its answer is about to be given. */
  answering(): void;
}

/**
 * Makes the watcher of a thread.
 *
 * @param shownName the function's name as people read it
 * @param endAfter has the thread ended from outside after so many milliseconds, even in the middle of synchronous work
 */
export type WatchThread = (
  shownName: string,
  data: unknown,
  endAfter: (milliseconds: number) => void,
) => ThreadWatcher;
