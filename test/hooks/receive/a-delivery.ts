import * as z from 'zod/mini';
import type { ConversationStore, Outcome } from '../../../functions/conversations/conversation-store.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import type { HookContext } from '../../../functions/hooks/accept-hook.ts';
import type { Destinations } from '../../../functions/hooks/carry-out.ts';
import type { RawDelivery } from '../../../functions/hooks/delivery.ts';
import type { DeliveryEntry } from '../../../functions/hooks/delivery-record.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Sender } from '../../../functions/hooks/sender.ts';
import { signDelivery, type SigningSecret } from '../../../functions/hooks/sign.ts';
import { source, type AnySource, type SourceDraft } from '../../../functions/hooks/source.ts';
import { author } from '../../conversations/asked.ts';

/** The secret that deliveries are signed with; a public key where the sender has one is given instead. */
export const secret = 'a-secret-that-is-long-enough-for-all';

/** A source that takes all of a sender's events, and makes of each a conversation with one customer. */
export function sourceOf<Envelope>(
  sender: Sender<Envelope>,
  delivery: 'direct' | 'queued' = 'direct',
  draft: () => SourceDraft = () => ({ customer: { externalId: 'somebody' } }),
): AnySource {
  return source({ sender, accept: () => true, payload: z.unknown(), delivery, draft });
}

/** What accepting takes from outside: the source `name`, its secret, and a clock that stands still. */
export function contextOf(name: string, of: AnySource, secrets: readonly string[] = [secret]): HookContext {
  return {
    author,
    now: Date.parse('2026-01-01T00:00:00Z'),
    keysOf: async (_, scheme) => keysOf(scheme, secrets),
    fetchText: () => Promise.reject(new Error('nothing is to be fetched')),
    sources: { [name]: of },
  };
}

/** A delivery of `payload` (JSON, unless it is a text) as the sender signs it at the context's time. */
export function signed(
  sender: Sender<unknown> | { scheme: Sender<unknown>['scheme'] },
  payload: unknown,
  headers: Record<string, string> = {},
  signingSecret: SigningSecret = secret,
): RawDelivery {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const delivery = {
    headers: { 'content-type': 'application/json', ...headers },
    body,
    method: 'POST',
    url: 'https://intake.example.com/v1/hooks/source',
  };
  const now = Date.parse('2026-01-01T00:00:00Z');
  return signDelivery(sender.scheme, signingSecret, delivery, { now, id: headers['webhook-id'] ?? 'msg_1' });
}

/** Destinations in memory, which tell what they were given; what is `given` stands in for one of them. */
export interface Kept extends Destinations {
  created: Conversation[];
  queued: Conversation[];
  recorded: DeliveryEntry[];
}

/** Creates each conversation once, as a store does; queues and records all that comes. */
export function keepers(given: Partial<Destinations> = {}): Kept {
  const created: Conversation[] = [];
  const queued: Conversation[] = [];
  const recorded: DeliveryEntry[] = [];
  const create = async (conversation: Conversation): Promise<Outcome> => {
    const existing = created.find(({ id }) => id === conversation.id);
    if (!existing) created.push(conversation);
    if (!existing) return { kind: 'created', conversation };
    if (existing.origin === conversation.origin) return { kind: 'repeated', conversation: existing };
    return { kind: 'conflict', field: 'externalId', id: existing.id, origin: existing.origin };
  };
  const take = (messages: readonly object[]) => {
    for (const message of messages) {
      if ('conversation' in message) queued.push(message.conversation as Conversation);
    }
  };
  return {
    created,
    queued,
    recorded,
    store: { create } as ConversationStore,
    queue: { send: async (message) => take([message]), sendAll: async (messages) => take(messages) },
    log: { record: async (entry) => void recorded.push(entry) },
    ...given,
  };
}
