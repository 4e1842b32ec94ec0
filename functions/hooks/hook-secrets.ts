import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A changed secret is taken up everywhere within this time, in milliseconds. */
const cacheLifetime = 60_000;

/**
 * Makes the reader of a source's live signing secrets from Secrets Manager, given their ARNs by source name.
 * A secret's value is the secret's text, or a JSON array of several texts while one replaces another.
 * Resolves to no secrets for an unknown source; throws what Secrets Manager throws.
 */
export function hookSecrets(
  client: SecretsManagerClient,
  arns: Readonly<Record<string, string>>,
  now: () => number = Date.now,
) {
  const known = new Map<string, { secrets: string[]; until: number }>();
  return async (source: string): Promise<readonly string[]> => {
    const cached = known.get(source);
    if (cached && cached.until > now()) return cached.secrets;
    const arn = Object.hasOwn(arns, source) ? arns[source] : undefined;
    if (arn === undefined) return [];
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const secrets = parseSecrets(SecretString ?? '');
    known.set(source, { secrets, until: now() + cacheLifetime });
    return secrets;
  };
}

/** An empty secret would let anybody sign: it counts as none. */
function parseSecrets(value: string): string[] {
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
