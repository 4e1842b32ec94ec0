import { conversationFrom, type Author, type Conversation } from '../conversations/conversation.ts';
import { checkDraft } from '../conversations/draft.ts';
import { faultsOf } from '../conversations/faults.ts';
import { customerIdOf } from '../conversations/identity.ts';
import { badRequest, notFound, refused, unprocessable } from '../lambda/problem.ts';
import type { RawDelivery } from './delivery.ts';
import { verify } from './schemes.ts';
import { sources as allSources } from './sources.ts';
import type { AnySource, DeliveryMode, SourceDraft } from './source.ts';

/** What is to be done with a delivery that is genuine. */
export type Accepted =
  /** Nothing: a handshake, or an event that the source does not take. */
  | { kind: 'ignored'; event: string | undefined }
  /** Create this conversation, now or from the queue. */
  | { kind: 'mapped'; event: string; mode: DeliveryMode; conversation: Conversation };

/**
 * Turns a raw delivery to the source `name` into what is to be done: find, verify, identify, map, in this order.
 * Throws Problem 404 for an unknown source, 401 for a signature that does not hold, 400 for a body or event id that
 * cannot be read, 422 for an event that does not fit the source's schema.
 */
export async function acceptHook(
  name: string,
  raw: RawDelivery,
  author: Author,
  secretsOf: (source: string) => Promise<readonly string[]>,
  sources: Readonly<Record<string, AnySource>> = allSources,
): Promise<Accepted> {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!source) throw notFound('source');
  const { sender } = source;
  const delivery = verify(sender.scheme, raw, await secretsOf(name));
  if (typeof delivery === 'string') throw refused(delivery);

  const payload = sender.payload(delivery);
  const envelope = sender.envelope(delivery, payload);
  const event = sender.eventId(delivery);
  if (sender.isHandshake(envelope) || !source.accept(envelope)) return { kind: 'ignored', event };
  if (!event) throw badRequest({ title: `The delivery has no id that ${sender.name} gives each event` });

  const parsed = source.payload.safeParse(payload);
  if (!parsed.success) throw unprocessable(faultsOf(parsed.error, payload));
  const checked = checkDraft(withCustomerId(source.draft(parsed.data), author.org));
  if ('faults' in checked) throw unprocessable(checked.faults);
  const conversation = conversationFrom(checked.draft, author, { kind: 'hook', source: name, event });
  return { kind: 'mapped', event, mode: source.delivery, conversation };
}

function withCustomerId({ customer, ...draft }: SourceDraft, org: string) {
  return { ...draft, customer: 'id' in customer ? customer.id : customerIdOf(org, customer.externalId) };
}
