import type { SQSRecord } from 'aws-lambda';
import { traceRoot } from './config.ts';
import { logLine } from './log-line.ts';
import { logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { isKeyRefused } from './problem.ts';

/** What is known of a message before anything is done with it. */
interface KnownMessage {
  /** A configured source. */
  source?: string;
  /** When the bulk job was asked for that the message is a part of: an ISO time. */
  askedAt?: string;
}

/** How a message ended: as queue/settle.ts has it. */
type End =
  | { kind: 'done' }
  | { kind: 'permanent'; reason: string }
  | { kind: 'retryable' | 'postponed'; error: unknown; until?: number };

/** How many of a message's conversations became what. */
type Tally = Partial<Record<'created' | 'repeated' | 'conflict' | 'failed', number>>;

/**
 * The log and the metrics of one invocation with messages: a line when each comes in, which the constructor writes, and one when it is
 * settled. `known` is in the order of the records.
 */
export class MessageLog {
  readonly #lines: readonly object[];
  readonly #known: readonly KnownMessage[];
  readonly #began = performance.now();
  #isSettled = false;

  constructor(
    records: readonly SQSRecord[],
    known: readonly KnownMessage[],
    { awsRequestId }: { awsRequestId: string },
    now: number = Date.now(),
  ) {
    this.#known = known;
    this.#lines = records.map(({ messageId, attributes }, index) => ({
      requestId: awsRequestId,
      messageId,
      trace: traceRoot(attributes.AWSTraceHeader),
      receives: Number(attributes.ApproximateReceiveCount),
      ...known[index],
    }));
    metrics.add('BatchSize', records.length);
    for (const [index, { attributes }] of records.entries()) {
      const age = seconds(now - Number(attributes.SentTimestamp));
      const askedAt = known[index]?.askedAt;
      metrics.add('OldestMessageAge', age);
      if (askedAt !== undefined) metrics.add('BulkBatchAge', seconds(now - Date.parse(askedAt)));
      logLine('message in', { ...this.#lines[index], age });
    }
  }

  /**
   * Does the invocation's work. What it throws fails every message that is not settled yet: that is told too, before it is thrown on. Ends
   * with the metrics.
   */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!this.#isSettled) {
        this.settled(
          this.#lines.map(() => ({ kind: 'retryable', error })),
          [],
        );
      }
      throw error;
    } finally {
      metrics.add('Latency', Math.round(performance.now() - this.#began));
      metrics.flush();
    }
  }

  /** Tells how the messages ended, and what became of their conversations, in the order of the records. */
  settled(ends: readonly End[], tallies: readonly Tally[]): void {
    this.#isSettled = true;
    const ms = Math.round(performance.now() - this.#began);
    for (const [index, { kind, ...why }] of ends.entries()) {
      const tally = tallies[index] ?? {};
      const line = { ...this.#lines[index], settled: kind, ...shown(tally), ...why, ms };
      if (kind === 'done') logLine('message out', line);
      else if (kind === 'permanent') logger.error('message out', line);
      else logger.warn('message out', line);
      count(kind, tally, this.#known[index]?.source);
    }
    // One refusal puts off all that came after it.
    if (ends.some((end) => 'error' in end && isKeyRefused(end.error))) metrics.add('VendorKeyRefused', 1);
  }
}

function shown(tally: Tally): { outcome?: string; outcomes?: Tally } {
  const [only, ...others] = Object.entries(tally);
  if (only?.[1] === 1 && others.length === 0) return { outcome: only[0] };
  return only ? { outcomes: tally } : {};
}

function count(
  kind: End['kind'],
  { created, repeated, conflict = 0, failed = 0 }: Tally,
  source?: string,
): void {
  metrics.add('Created', created, source);
  metrics.add('Repeated', repeated, source);
  // An item of a bulk job that can never be made leaves its batch done.
  if (kind === 'done') metrics.add('Refused', conflict + failed || undefined, source);
  else if (kind !== 'postponed') metrics.add('Failed', 1, source);
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}
