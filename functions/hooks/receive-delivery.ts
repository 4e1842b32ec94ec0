import { unavailable } from '../lambda/problem.ts';
import { acceptHook, findSource, type HookContext } from './accept-hook.ts';
import { carryOut, withinTime, type Destinations, type Handled } from './carry-out.ts';
import type { RawDelivery } from './delivery.ts';
import { handshakeAnswer, hookAnswer, type HookAnswer } from './hook-answer.ts';
import type { Sender } from './sender.ts';

/** A delivery that was taken in, and all of it kept. */
export interface Received {
  answer: HookAnswer;
  /** What became of each of its events; none of a handshake. */
  handled: readonly Handled[];
  /** Which of the live secrets matched, from 0. */
  secretIndex?: number | undefined;
}

/** Milliseconds of a sender's deadline that are left for the way, and the share of the rest that a direct create may take. */
const margin = 1000;
const directShare = 0.5;
/** Milliseconds that no answer takes longer, whatever the sender's deadline: below the function's timeout. */
const longestAnswer = 8000;

/**
 * Takes in a raw delivery to the source `name`: verifies it, carries out what its events ask for, and finds its sender's answer, within
 * its sender's deadline. Throws Problem 404 for an unknown source, 403 for what comes from elsewhere than its sender's addresses, 401
 * for what is not proved to be the sender's, and 503 for what cannot be kept in time.
 */
export async function receiveDelivery(
  name: string,
  raw: RawDelivery,
  context: HookContext,
  destinations: Destinations,
): Promise<Received> {
  const patience = patienceOf(findSource(name, context.sources)?.sender);
  const received = await withinTime(
    patience,
    takeIn(name, raw, context, destinations, patience * directShare),
  );
  if (!received) throw unavailable();
  return received;
}

async function takeIn(
  name: string,
  raw: RawDelivery,
  context: HookContext,
  destinations: Destinations,
  patience: number,
): Promise<Received> {
  const accepted = await acceptHook(name, raw, context);
  const { sender, delivery: mode } = accepted.source;
  if (accepted.kind === 'handshake') {
    const { status, body } = accepted.handshake;
    const told = body ?? (sender.success === 'verdict' ? handshakeAnswer(name) : undefined);
    return { answer: { status, ...(told && { body: told }) }, handled: [] };
  }
  const { delivery, events } = accepted;
  const headers = keptHeaders(sender, delivery.headers);
  const work = { org: context.author.org, source: name, mode, headers, events, patience };
  const handled = await carryOut(work, destinations);
  return { answer: hookAnswer(name, sender, handled), handled, secretIndex: delivery.secretIndex };
}

function patienceOf(sender: Sender<unknown> | undefined): number {
  return sender ? Math.min(longestAnswer, sender.deadline * 1000 - margin) : longestAnswer;
}

function keptHeaders({ reads }: Sender<unknown>, headers: RawDelivery['headers']): Record<string, string> {
  return Object.fromEntries(
    reads.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
