import type { Author } from '../conversations/conversation.ts';
import { forbidden, unauthorized } from '../lambda/problem.ts';
import { isLive, isLiveSecret, parseApiKey, type ApiKeyRecord } from './api-key.ts';
import { grants } from './role.ts';

/** Who calls: the user and organisation an API key stands for. */
export interface Principal extends Author {
  keyId: string;
  roles: readonly string[];
}

/** Where keys are found by their id: ApiKeysTable, in production. */
export interface ApiKeys {
  get(id: string): Promise<ApiKeyRecord | undefined>;
}

/** A revoked key is refused everywhere within this time, in milliseconds. */
const cacheLifetime = 60_000;
const cacheSize = 1000;

/**
 * Makes the check of Authorization headers against `keys`. The check resolves to the caller; it throws Problem 401
 * when there is no good key, and 403 when none of `roles` is granted.
 */
export function authenticator(keys: ApiKeys, now: () => Date = () => new Date()) {
  const find = cached((id) => keys.get(id), now);
  return async (authorization: string | undefined, roles: readonly string[]): Promise<Principal> => {
    const presented = parseApiKey(/^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1] ?? '');
    if (!presented) throw unauthorized(authorization === undefined ? 'no API key' : 'malformed API key');
    const record = await find(presented.id);
    if (!record) throw unauthorized('unknown API key');
    if (!isLiveSecret(record, presented.secret, now())) {
      throw unauthorized(isLive(record, now()) ? 'wrong API key' : 'expired or revoked API key');
    }
    if (!roles.some((role) => grants(record.roles, role))) throw forbidden(roles);
    return { keyId: record.id, org: record.org, user: record.user, roles: record.roles };
  };
}

/** Remembers what was found; what was not is asked for again, so that a new key works at once. */
function cached<Value>(find: (id: string) => Promise<Value | undefined>, now: () => Date) {
  const entries = new Map<string, { value: Value; until: number }>();
  return async (id: string): Promise<Value | undefined> => {
    const time = now().getTime();
    const known = entries.get(id);
    if (known && known.until > time) return known.value;
    entries.delete(id);
    const value = await find(id);
    if (value !== undefined) {
      if (entries.size >= cacheSize) entries.delete(entries.keys().next().value!);
      entries.set(id, { value, until: time + cacheLifetime });
    }
    return value;
  };
}
