import type { SQSRecord } from 'aws-lambda';
import { traceRoot } from './config.ts';
import { logLine } from './log-line.ts';
import { logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { isKeyRefused } from './problem.ts';

/** What is known of a message before it is worked on. */
interface Known {
  /** A configured source. */
  source?: string;
  /** The bulk job that it is a part of, and when that was asked for: an ISO time. */
  job?: string;
  askedAt?: string;
}

/** How a message ended: queue/settle.ts. */
type End =
  | { kind: 'done'; letters?: readonly { reason: string }[] }
  | { kind: 'permanent'; reason: string }
  | { kind: 'retryable' | 'postponed'; error: unknown };

/** One thing that a message asks for, and how many of its conversations became what. */
interface Part extends Known {
  tally: Partial<Record<'created' | 'repeated' | 'conflict' | 'failed' | 'handedOver', number>>;
}

/**
 * The log and the metrics of one invocation with messages: a line when each comes in, which the constructor writes, and one when it is
 * settled. `known` is in the order of the records.
 */
export class MessageLog {
  readonly #requestId: string;
  readonly #lines: readonly object[];
  readonly #began = performance.now();
  #isSettled = false;

  constructor(
    records: readonly SQSRecord[],
    known: readonly Known[],
    { awsRequestId: requestId }: { awsRequestId: string },
    now: number = Date.now(),
  ) {
    this.#requestId = requestId;
    this.#lines = records.map(({ messageId, attributes }, index) => ({
      requestId,
      messageId,
      trace: traceRoot(attributes.AWSTraceHeader),
      receives: Number(attributes.ApproximateReceiveCount),
      ...known[index],
    }));
    metrics.add('BatchSize', records.length);
    for (const [index, { attributes }] of records.entries()) {
      const age = seconds(now - Number(attributes.SentTimestamp));
      metrics.add('OldestMessageAge', age);
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
        const failed = this.#lines.map(() => ({ kind: 'retryable', error }) as const);
        this.settled(failed, []);
      }
      throw error;
    } finally {
      metrics.add('Latency', Math.round(performance.now() - this.#began));
      metrics.flush(this.#requestId);
    }
  }

  /** Tells how the messages ended, and what became of all that they asked for, in the order of the records. */
  settled(ends: readonly End[], parts: readonly (readonly Part[])[]): void {
    this.#isSettled = true;
    const ms = Math.round(performance.now() - this.#began);
    for (const [index, end] of ends.entries()) {
      const own = parts[index] ?? [];
      const line = { ...this.#lines[index], settled: end.kind, ...shown(own), ...whyOf(end), ms };
      if (isLost(end)) logger.error('message out', line);
      else if (end.kind === 'done') logLine('message out', line);
      else logger.warn('message out', line);
      count(end, own);
    }
    // One refusal puts off all that comes after it.
    if (ends.some((end) => 'error' in end && isKeyRefused(end.error))) metrics.add('VendorKeyRefused', 1);
  }
}

/** Is a message, or a part of it, on its way to the dead letters? */
function isLost(end: End): boolean {
  return end.kind === 'permanent' || (end.kind === 'done' && (end.letters?.length ?? 0) > 0);
}

/** Why a message ended as it did, without what it holds. */
function whyOf(end: End): { reason?: string; error?: unknown } {
  if ('error' in end) return { error: end.error };
  if (end.kind === 'permanent') return { reason: end.reason };
  return end.letters?.length ? { reason: end.letters.map(({ reason }) => reason).join('; ') } : {};
}

function shown(parts: readonly Part[]): object {
  const [only, ...others] = parts;
  if (!only) return {};
  if (others.length > 0) return { parts: parts.map(({ tally, ...known }) => ({ ...known, ...told(tally) })) };
  return told(only.tally);
}

function told(tally: Part['tally']): { outcome?: string; outcomes?: Part['tally'] } {
  const [only, ...others] = Object.entries(tally);
  if (only?.[1] === 1 && others.length === 0) return { outcome: only[0] };
  return only ? { outcomes: tally } : {};
}

function count(end: End, parts: readonly Part[]): void {
  for (const { source, job, askedAt, tally } of parts) {
    if (askedAt !== undefined) metrics.add('BulkBatchAge', seconds(Date.now() - Date.parse(askedAt)));
    metrics.add('Created', tally.created, source);
    metrics.add('Repeated', tally.repeated, source);
    // What can never be made is told to whoever asks for the job; of anything else a dead letter remains.
    const never = (tally.conflict ?? 0) + (tally.failed ?? 0);
    if (never > 0 && !('error' in end)) metrics.add(job === undefined ? 'Failed' : 'Refused', never, source);
  }
  const isUnread = end.kind === 'permanent' && parts.length === 0;
  if (isUnread || end.kind === 'retryable') metrics.add('Failed', 1, parts[0]?.source);
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}
