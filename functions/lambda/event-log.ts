import { logger } from './logger.ts';
import { metrics, type Outcome } from './metrics.ts';
import { isKeyRefused, type Problem } from './problem.ts';
import { whyRefused, type Note } from './request-log.ts';

/** What became of an event of a delivery. */
export interface HandledEvent {
  /** The sender's own id of it. */
  event: string;
  verdict: Outcome;
  conversation?: string;
  problem?: Problem;
  /** Why it went on the queue instead, or what the source's own code threw. */
  cause?: unknown;
}

/** A delivery may have thousands of events, and a line must stay readable: the records of deliveries have them all. */
const mostShown = 20;

/** Tells the log and the metrics what became of the events of a request. */
export function noteEvents(handled: readonly HandledEvent[], note: Note): void {
  for (const { event, verdict, cause } of handled) {
    metrics.count(verdict);
    if (cause !== undefined) tellCause(event, verdict, cause);
  }
  const [only, ...others] = handled;
  if (only && others.length === 0) return note(shown(only));
  if (!only) return;
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { verdict } of handled) outcomes[verdict] = (outcomes[verdict] ?? 0) + 1;
  note({ outcomes, deliveries: handled.slice(0, mostShown).map(shown) });
}

function shown({ event, verdict, conversation, problem }: HandledEvent) {
  return {
    delivery: event,
    outcome: verdict,
    ...(conversation !== undefined && { conversation }),
    ...(problem && whyRefused(problem)),
  };
}

function tellCause(delivery: string, outcome: Outcome, error: unknown): void {
  if (isKeyRefused(error)) metrics.add('VendorKeyRefused', 1);
  if (outcome === 'queued') logger.warn('not at once', { delivery, error });
  else logger.error('a source failed', { delivery, error });
}
