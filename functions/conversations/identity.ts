import { createHash, randomBytes } from 'node:crypto';

/** Who asked for a conversation: the same each time the same ask arrives. */
export type Origin =
  /** A request that says nothing of being repeated. */
  | { kind: 'api'; requestId: string }
  /** A request with an Idempotency-Key: `holder` is its hash, `fingerprint` that of what was asked for. */
  | { kind: 'idempotent'; holder: string; fingerprint: string }
  /** An item of a bulk job, by its place from 0. */
  | { kind: 'bulk'; job: string; index: number }
  /** A webhook delivery, by the sender's own event id. */
  | { kind: 'hook'; source: string; event: string };

/** The origin as it is stored with the conversation and compared. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'api':
      return `api#${origin.requestId}`;
    case 'idempotent':
      return `api#${origin.holder}#${origin.fingerprint}`;
    case 'bulk':
      return `bulk#${origin.job}#${origin.index}`;
    case 'hook':
      return `hook#${origin.source}#${origin.event}`;
  }
}

/** The origin of a conversation in a destination that keeps none, or of one that is not there yet: nobody can tell. */
export const unknownOrigin = '';

/** Is a conversation with the origin `found`, at the id that was decided for an ask, that ask's own, as far as its destination can tell? */
export function isOwn(found: string, asked: string): boolean {
  return found === asked || found === unknownOrigin;
}

/** Does an origin belong to a single request, which nobody can repeat: one without an Idempotency-Key? */
export function isSingleRequest(origin: string): boolean {
  return origin.startsWith('api#') && idempotencyHolder(origin) === undefined;
}

/** The object id under which the Idempotency-Key of an origin is held; undefined when there was none. */
export function idempotencyHolder(origin: string): string | undefined {
  return /^api#([0-9a-f]{24})#[0-9a-f]{64}$/.exec(origin)?.[1];
}

/** Were both asked for by deliveries of one source, e.g. an event and its redelivery under a new event id? */
export function isSameSource(origin: string, other: string): boolean {
  const source = /^hook#[^#]*#/.exec(origin)?.[0];
  return source !== undefined && other.startsWith(source);
}

/** What stands between an event's id and which further conversation of it was asked for: its delivery was replayed for another. */
export const againMark = '#again#';

/** The delivery that asked for a conversation; undefined for other origins, and for a further conversation of an event. */
export function deliveryOf(origin: string): { source: string; event: string } | undefined {
  const [, source, event] = /^hook#([^#]*)#(.*)$/s.exec(origin) ?? [];
  const isOne = source !== undefined && event !== undefined && !event.includes(againMark);
  return isOne ? { source, event } : undefined;
}

/**
 * The id of a conversation, decided before anything is written, so that every path is safe to repeat: the id
 * asked for; else it follows from the externalId; else from the origin; else it is fresh.
 */
export function conversationId(
  org: string,
  asked: { id?: string | undefined; externalId?: string | undefined },
  origin: Origin,
): string {
  if (asked.id !== undefined) return asked.id;
  if (asked.externalId !== undefined) return externalIdHolder(org, asked.externalId);
  switch (origin.kind) {
    case 'api':
      return freshObjectId();
    case 'idempotent':
      return origin.holder;
    case 'bulk':
      return hashedId('bulk', org, origin.job, String(origin.index));
    case 'hook':
      return hashedId('hook', org, origin.source, origin.event);
  }
}

/** Is an id that of an item of a bulk job which asked for no id and no externalId? Then nothing else asks for it. */
export function isBulkItemId(org: string, id: string, origin: string): boolean {
  const [, job, index] = /^bulk#([^#]*)#(\d+)$/.exec(origin) ?? [];
  return job !== undefined && index !== undefined && hashedId('bulk', org, job, index) === id;
}

/** Does an id follow from nothing but who asked? Then a conversation that has it is the one that was asked for, whatever else it says. */
export function followsFromOrigin(org: string, id: string, origin: string): boolean {
  const [, source, event] = /^hook#([^#]*)#(.*)$/s.exec(origin) ?? [];
  const delivery = source !== undefined && event !== undefined && hashedId('hook', org, source, event);
  return delivery === id || idempotencyHolder(origin) === id || isBulkItemId(org, id, origin);
}

/** The object id under which an externalId is held: by the conversation itself, or by a claim that names it. */
export function externalIdHolder(org: string, externalId: string): string {
  return hashedId('externalId', org, externalId);
}

/** The id of a customer known only by what another system calls it, e.g. `github-user-1`, or by an address: the same each time. */
export function customerIdOf(org: string, name: string, kind?: 'email' | 'phone'): string {
  return kind === undefined ? hashedId('customer', org, name) : hashedId('customer', org, kind, name);
}

/** The origin of what a request with an Idempotency-Key asks for: `asked` is its content, checked. */
export function idempotentOrigin(
  caller: { org: string; keyId: string },
  idempotencyKey: string,
  asked: unknown,
): Origin {
  return {
    kind: 'idempotent',
    holder: hashedId('idempotency', caller.org, caller.keyId, idempotencyKey),
    fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
  };
}

/** The id of the bulk job that a request with an Idempotency-Key asks for. */
export function bulkJobId(caller: { org: string; keyId: string }, idempotencyKey: string): string {
  return hashedId('bulk-job', caller.org, caller.keyId, idempotencyKey);
}

/** Is this how ids look: 24 lower-case hex digits? */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

/** First 12 bytes of a SHA-256 over the parts, written as JSON so that no two lists of parts read the same. */
function hashedId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/** 4 bytes of time in seconds and 8 random: 24 hex digits, as the vendor's ids look. */
export function freshObjectId(now: Date = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return seconds.toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}
