import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { keysOf, type Key } from './keys.ts';
import type { Scheme } from './scheme.ts';

/** A changed secret is taken up everywhere within this time, in milliseconds. */
export const cacheLifetime = 60_000;

/**
 * Makes the reader of a source's live keys from Secrets Manager, given the secrets' ARNs by source name.
 * A secret's value is the secret's text, or a JSON array of several texts while one replaces another.
 * Resolves to no keys for an unknown source; throws what Secrets Manager throws.
 */
export function hookSecrets(
  client: SecretsManagerClient,
  arns: Readonly<Record<string, string>>,
  now: () => number = Date.now,
) {
  const known = new Map<string, { keys: Key[]; until: number }>();
  return async (source: string, scheme: Scheme): Promise<readonly Key[]> => {
    const cached = known.get(source);
    if (cached && cached.until > now()) return cached.keys;
    const arn = Object.hasOwn(arns, source) ? arns[source] : undefined;
    if (arn === undefined) return [];
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const keys = keysOf(scheme, parseSecrets(SecretString ?? ''));
    known.set(source, { keys, until: now() + cacheLifetime });
    return keys;
  };
}

/** The texts of a secret's value. An empty one would let anybody sign: it counts as none. */
export function parseSecrets(value: string): string[] {
  return (listIn(value) ?? [value]).filter((text): text is string => typeof text === 'string' && text !== '');
}

/** The list that a value is; undefined when it is one secret, even one that begins like a list. Never tells the value. */
function listIn(value: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
