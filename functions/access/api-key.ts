import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What is kept of an API key: its secret only as a hash. Dates are UTC with milliseconds. */
export interface ApiKeyRecord {
  /** 24 hex digits; the part of the key that may be told. */
  id: string;
  /** SHA-256 of the secret part, 64 hex digits. The secret has 256 random bits, so a fast hash is enough. */
  secretHash: string;
  org: string;
  /** The user that this key's writes are made by. */
  user: string;
  roles: readonly string[];
  name?: string;
  createdAt: string;
  expiresAt?: string;
  revokedAt?: string;
}

/** What a caller chooses of a new key. `expiresAt`: UTC with milliseconds; without it the key does not expire. */
export interface ApiKeyOptions {
  org: string;
  user: string;
  roles: readonly string[];
  name?: string;
  expiresAt?: string;
}

/**
 * Makes a key, `ci_<id>_<secret>`. The key itself is in `key` and nowhere else: show it once.
 * The prefix lets secret scanners find a key that was committed.
 */
export function mintApiKey(
  options: ApiKeyOptions,
  now: Date = new Date(),
): { key: string; record: ApiKeyRecord } {
  const id = randomBytes(12).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return {
    key: `ci_${id}_${secret}`,
    record: { id, secretHash: hashOf(secret).toString('hex'), createdAt: now.toISOString(), ...options },
  };
}

/** Splits a key as a caller sent it; undefined when it does not look like one. */
export function parseApiKey(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = /^ci_([0-9a-f]{24})_([\w-]{43})$/.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/** Is this the record's secret, and the key live? Compared in constant time. */
export function isLiveSecret(record: ApiKeyRecord, secret: string, now: Date): boolean {
  return timingSafeEqual(hashOf(secret), Buffer.from(record.secretHash, 'hex')) && isLive(record, now);
}

/** Is the key neither revoked nor expired? */
export function isLive({ expiresAt, revokedAt }: ApiKeyRecord, now: Date): boolean {
  return revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > now.getTime());
}

function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
