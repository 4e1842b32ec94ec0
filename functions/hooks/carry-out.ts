import type { ConversationStore, Outcome } from '../conversations/conversation-store.ts';
import type { Conversation } from '../conversations/conversation.ts';
import { isSameSource } from '../conversations/identity.ts';
import { conflict, Problem } from '../lambda/problem.ts';
import type { DraftsQueue } from '../queue/drafts-queue.ts';
import type { DeliveryLog, DeliveryResult } from './delivery-record.ts';
import type { MappedEvent } from './map-delivery.ts';
import type { DeliveryMode } from './source.ts';

/** Where events go. */
export interface Destinations {
  store: ConversationStore;
  queue: Pick<DraftsQueue, 'send' | 'sendAll'>;
  log: DeliveryLog;
}

/** The events of one delivery. */
export interface Work {
  org: string;
  source: string;
  mode: DeliveryMode;
  headers: Readonly<Record<string, string>>;
  events: readonly MappedEvent[];
  /** Milliseconds that creating a conversation may take while the sender waits: after that it goes on the queue. */
  patience: number;
}

/** What became of an event: also whether it was made before, and the refusal that an API client would get. */
export interface Handled extends DeliveryResult {
  event: string;
  problem?: Problem;
  /** For the log: what a source's own code threw, or why a direct create went on the queue. */
  cause?: unknown;
}

/**
 * Does what is to be done with each event of a delivery, all at once (the clients' sockets are what limits it): creates or queues its
 * conversation, and writes down what became of it. When this resolves all of it is kept. It throws when something may not be: doing it
 * all again is safe, and ends the same.
 */
export async function carryOut(work: Work, { store, queue, log }: Destinations): Promise<Handled[]> {
  const { org, source, headers } = work;
  const results = await Promise.all(work.events.map((event) => handle(event, work, store)));
  const toQueue = work.events.flatMap(({ plan }, at) =>
    plan.kind === 'create' && results[at]!.verdict === 'queued' ? [plan.conversation] : [],
  );
  const record = async ({ id, body }: MappedEvent, at: number): Promise<void> => {
    const { verdict, isOwn, conversation, error } = results[at]!;
    await log.record({
      org,
      source,
      event: id,
      headers,
      body,
      // A repetition of its own event leaves the record as it was; the answer alone tells that it came again.
      verdict: verdict === 'repeated' && isOwn ? 'created' : verdict,
      ...(conversation !== undefined && { conversation }),
      ...(error !== undefined && { error }),
    });
  };
  // At once: whichever is missing when the other fails, the sender has had no answer, and sends it all anew.
  await Promise.all([...work.events.map(record), send(queue, toQueue)]);
  return results.map((result, at) => ({ event: work.events[at]!.id, ...result }));
}

async function send(queue: Destinations['queue'], conversations: readonly Conversation[]): Promise<void> {
  const [only, ...others] = conversations.map((conversation) => ({ version: 1, conversation }) as const);
  if (only && others.length === 0) await queue.send(only);
  else if (only) await queue.sendAll([only, ...others]);
}

type Result = Omit<Handled, 'event'> & { isOwn?: boolean };

async function handle({ plan }: MappedEvent, work: Work, store: ConversationStore): Promise<Result> {
  switch (plan.kind) {
    case 'ignore':
      return { verdict: 'ignored' };
    case 'reject':
      return { verdict: 'rejected', problem: plan.problem, error: plan.problem.message };
    case 'fail':
      return { verdict: 'failed', problem: plan.problem, error: String(plan.error), cause: plan.error };
    case 'create':
      return work.mode === 'queued'
        ? { verdict: 'queued', conversation: plan.conversation.id }
        : await createOrQueue(plan.conversation, work.patience, store);
  }
}

/** What is slow or out of order for the moment must not make the sender wait: the queue takes the conversation then. */
async function createOrQueue(
  conversation: Conversation,
  patience: number,
  store: ConversationStore,
): Promise<Result> {
  const queued = { verdict: 'queued', conversation: conversation.id } as const;
  try {
    const outcome = await withinTime(patience, store.create(conversation));
    return outcome ? resultOf(conversation, outcome) : { ...queued, cause: 'the destination was too slow' };
  } catch (cause) {
    // What the destination refuses for itself it would refuse from the queue as well; a limit passes.
    if (cause instanceof Problem && cause.status !== 429) return refusedBy(cause);
    return { ...queued, cause };
  }
}

/** What an outcome means for the event that asked for it. */
function resultOf({ origin }: Conversation, outcome: Outcome): Result {
  if (outcome.kind === 'created') return { verdict: 'created', conversation: outcome.conversation.id };
  if (outcome.kind === 'repeated')
    return { verdict: 'repeated', conversation: outcome.conversation.id, isOwn: true };
  if (isSameSource(origin, outcome.origin)) return { verdict: 'repeated', conversation: outcome.id };
  return refusedBy(conflict(outcome.id, outcome.field));
}

function refusedBy(problem: Problem): Result {
  return { verdict: 'failed', problem, error: problem.message };
}

/** Resolves to undefined when the promise has not settled within so many milliseconds; it goes on all the same. */
export async function withinTime<Value>(
  milliseconds: number,
  promise: Promise<Value>,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
