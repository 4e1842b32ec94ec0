import { conversationFrom, type Author, type Conversation } from '../conversations/conversation.ts';
import { customerNamedBy } from '../conversations/customer-ref.ts';
import { checkDraft, resolveCustomer } from '../conversations/draft.ts';
import { faultsOf } from '../conversations/faults.ts';
import { againMark } from '../conversations/identity.ts';
import { badRequest, internalError, Problem, unprocessable } from '../lambda/problem.ts';
import type { VerifiedDelivery } from './delivery.ts';
import { hashedEventId } from './read-body.ts';
import type { SenderEvent } from './sender.ts';
import type { AnySource, SourceDraft } from './source.ts';

/** An event of a delivery, and what is to be done with it. */
export interface MappedEvent {
  /** The sender's own id of it; a hash of the body where it has none that can be read. */
  id: string;
  /** What is kept for a replay: a body with this one event. */
  body: Buffer;
  plan: Plan;
}

/** What is to be done with an event. */
export type Plan =
  /** Nothing: the source does not take it. */
  | { kind: 'ignore' }
  | { kind: 'create'; conversation: Conversation }
  /** It is genuine, but not what the source is written for. */
  | { kind: 'reject'; problem: Problem }
  /** The source's own code threw: `error` is for the log. */
  | { kind: 'fail'; problem: Problem; error: unknown };

/** For whom, and how often, events are mapped. */
export interface MapOptions {
  author: Author;
  /** Makes another conversation of an event that has one already: the text tells which repetition it is. */
  again?: string;
}

/** DynamoDB takes 1024 bytes for a sort key, and a record's has the time beside the id. */
const longestEventId = 512;

/**
 * Maps each event of a delivery to what is to be done with it: identify, accept, check against the payload's schema, draft. Never
 * throws: what is wrong with an event, or with the source's code, is its plan.
 */
export function mapDelivery(
  name: string,
  source: AnySource,
  delivery: VerifiedDelivery,
  options: MapOptions,
): MappedEvent[] {
  let events: readonly SenderEvent<unknown>[];
  try {
    events = source.sender.events(delivery);
  } catch (error) {
    return [{ id: hashedEventId(delivery.body), body: delivery.body, plan: planOfError(error) }];
  }
  return events.map((event) => {
    const body = event.body ?? delivery.body;
    if (!isEventId(event.id))
      return { id: hashedEventId(body), body, plan: { kind: 'reject', problem: noEventId(source) } };
    return { id: event.id, body, plan: planOf(name, source, event, options) };
  });
}

/** Can DynamoDB have it in a key? That takes no half of a surrogate pair, which JSON may hold. */
function isEventId(id: string | undefined): id is string {
  return id !== undefined && id !== '' && Buffer.byteLength(id) <= longestEventId && id.isWellFormed();
}

function noEventId({ sender }: AnySource): Problem {
  return badRequest({
    title: `The delivery has no id that ${sender.name} gives each event`,
    detail: `It must be Unicode text of 1 to ${longestEventId} bytes.`,
  });
}

/** A source's functions are a user's code: what they throw must not lose the event. */
function planOf(
  name: string,
  source: AnySource,
  { id, envelope, payload }: SenderEvent<unknown>,
  { author, again }: MapOptions,
): Plan {
  try {
    if (!source.accept(envelope)) return { kind: 'ignore' };
    const parsed = source.payload.safeParse(payload);
    if (!parsed.success) return { kind: 'reject', problem: unprocessable(faultsOf(parsed.error, payload)) };
    const checked = checkSourceDraft(source.draft(parsed.data));
    if ('faults' in checked) return { kind: 'reject', problem: unprocessable(checked.faults) };
    // An externalId names one conversation: another of the same event goes without.
    const resolved = resolveCustomer(author.org, checked.draft, source.newCustomers);
    const draft = again === undefined ? resolved : { ...resolved, externalId: undefined };
    const event = again === undefined ? id! : `${id}${againMark}${again}`;
    return {
      kind: 'create',
      conversation: conversationFrom(draft, author, { kind: 'hook', source: name, event }),
    };
  } catch (error) {
    return planOfError(error);
  }
}

function planOfError(error: unknown): Plan {
  if (error instanceof Problem) return { kind: 'reject', problem: error };
  return { kind: 'fail', problem: internalError(), error };
}

function checkSourceDraft({ customer, ...draft }: SourceDraft): ReturnType<typeof checkDraft> {
  const found = customerNamedBy(customer);
  return 'fault' in found ? { faults: [found.fault] } : checkDraft({ ...draft, customer: found.named });
}
