/** A terminal sends Ctrl-C to npm and to this process, and npm passes it on: one key press arrives twice. In milliseconds. */
const sameKeyPress = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that can be stopped: Ctrl-C, or being asked to end, aborts the signal, so that it leaves everything in order, and makes the exit
 * status 130. A second Ctrl-C ends the process at once.
 */
export async function stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let since: number | undefined;
  const stop = (): void => {
    if (since !== undefined && performance.now() - since > sameKeyPress) process.exit(130);
    since ??= performance.now();
    process.exitCode = 130;
    controller.abort();
  };
  for (const each of signals) process.on(each, stop);
  try {
    await work(controller.signal);
  } finally {
    for (const each of signals) process.off(each, stop);
  }
}
