import { createHash, randomBytes } from 'node:crypto';

/**
 * Who asked for a conversation, in a form that is the same each time the same ask arrives.
 * `api#<request id>`, or `hook#<source>#<event id>`: kept with the conversation.
 */
export type Origin = { kind: 'api'; requestId: string } | { kind: 'hook'; source: string; event: string };

/** The origin as it is stored and compared. */
export function originText(origin: Origin): string {
  return origin.kind === 'api' ? `api#${origin.requestId}` : `hook#${origin.source}#${origin.event}`;
}

/** Were both asked for by deliveries of one source, e.g. an event and its redelivery under a new event id? */
export function isSameSource(origin: string, other: string): boolean {
  const source = /^hook#[^#]*#/.exec(origin)?.[0];
  return source !== undefined && other.startsWith(source);
}

/**
 * The id of a conversation, decided before anything is written, so that every path is safe to repeat: the id
 * asked for; else it follows from the externalId; else from the delivery; else it is fresh.
 */
export function conversationId(
  org: string,
  asked: { id?: string | undefined; externalId?: string | undefined },
  origin: Origin,
  fresh: () => string = freshObjectId,
): string {
  if (asked.id !== undefined) return asked.id;
  if (asked.externalId !== undefined) return externalIdHolder(org, asked.externalId);
  return origin.kind === 'hook' ? hashedId('hook', org, origin.source, origin.event) : fresh();
}

/** The object id under which an externalId is held: by the conversation itself, or by a claim that names it. */
export function externalIdHolder(org: string, externalId: string): string {
  return hashedId('externalId', org, externalId);
}

/** The id of a customer known only by what another system calls it, e.g. `github-user-1`: the same each time. */
export function customerIdOf(org: string, externalId: string): string {
  return hashedId('customer', org, externalId);
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
