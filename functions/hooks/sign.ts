import { hash, sign as signWithKey, type KeyObject } from 'node:crypto';
import type { RawDelivery } from './delivery.ts';
import { keyOf } from './keys.ts';
import { isForm } from './read-body.ts';
import type { Freshness, Scheme, SignatureScheme, SigningMethod, TokenScheme } from './scheme.ts';
import { signedContent, type Pieces } from './signed-content.ts';
import { digestOf, joined } from './verify-signature.ts';

/** What a delivery is signed with: a secret's text, or the private key where the secret is a public one. */
export type SigningSecret = string | KeyObject;

/** What stands beside a signature. */
export interface SigningOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** For schemes that sign one. */
  id?: string;
}

/**
 * A delivery as its sender would sign it: for trying things out, never in a function. Throws an Error when the secret cannot be one of the
 * scheme, or when only AWS itself can sign.
 */
export function signDelivery(
  scheme: Scheme,
  secret: SigningSecret,
  delivery: RawDelivery,
  options: SigningOptions,
): RawDelivery {
  if (scheme.kind === 'topic') throw new Error('Only AWS SNS can sign its messages.');
  if (scheme.kind === 'token') return withHeaders(delivery, tokenHeader(scheme, secret));
  const names = scheme.headers[0]!;
  const timestamp = scheme.freshness && timestampText(scheme.freshness, options.now);
  const { id } = options;
  const whole = scheme.signed.includes('form or body hash') ? withBodyHash(delivery) : delivery;
  const content = signedContent(scheme.signed, { delivery: whole, timestamp, id }, whole.url);
  if (typeof content === 'string') throw new Error(`The delivery cannot be signed: ${content}.`);
  const { label, signature } = signatureOf(scheme, secret, content);
  const isBeside = scheme.freshness?.in === 'signature';
  return withHeaders(whole, {
    [names.signature]: `${isBeside ? `t=${timestamp},` : ''}${label}${signature.toString(scheme.encoding)}`,
    ...(names.timestamp !== undefined && timestamp !== undefined && { [names.timestamp]: timestamp }),
    ...(names.id !== undefined && id !== undefined && { [names.id]: id }),
  });
}

function withHeaders(delivery: RawDelivery, headers: Record<string, string>): RawDelivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}

function tokenHeader({ header, form }: TokenScheme, secret: SigningSecret): Record<string, string> {
  if (typeof secret !== 'string' || secret === '') throw new Error('The secret must be a text.');
  if (form === 'plain') return { [header]: secret };
  return {
    [header]: form === 'bearer' ? `Bearer ${secret}` : `Basic ${Buffer.from(secret).toString('base64')}`,
  };
}

function signatureOf(
  { methods }: SignatureScheme,
  secret: SigningSecret,
  content: Pieces,
): { label: string; signature: Buffer } {
  if (typeof secret !== 'string') {
    const method = methods.find(({ algorithm }) => isAsymmetric(algorithm));
    if (!method) throw new Error('The secret must be a text.');
    const digest = method.algorithm === 'ed25519' ? null : (method.hash ?? 'sha256');
    return { label: method.label, signature: signWithKey(digest, joined(content), secret) };
  }
  const key = keyOf({ kind: 'signature', methods } as SignatureScheme, secret);
  if (key?.kind !== 'signature' || isAsymmetric(key.method.algorithm)) {
    throw new Error('The secret is not one that this sender signs with.');
  }
  return { label: key.method.label, signature: digestOf(key.method, key.key, content) };
}

function isAsymmetric(algorithm: SigningMethod['algorithm']): boolean {
  return algorithm === 'ed25519' || algorithm === 'ecdsa';
}

function timestampText({ unit }: Freshness, now: number): string {
  if (unit === 'rfc3339') return new Date(now).toISOString();
  return String(unit === 's' ? Math.floor(now / 1000) : now);
}

/** Where a body is no form, its hash goes into the URL's query. */
function withBodyHash(delivery: RawDelivery): RawDelivery {
  const { url, body } = delivery;
  if (body.length === 0 || isForm(delivery)) return delivery;
  return { ...delivery, url: `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash('sha256', body)}` };
}
