import { createPublicKey, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Scheme, SignatureScheme, SigningMethod, TokenScheme } from './scheme.ts';

/** Bytes of an Ed25519 public key: https://www.rfc-editor.org/rfc/rfc8032#section-5.1.5 */
const publicKeyLength = 32;

/** A live secret in the form that verification takes fastest: made once, when secrets are read. */
export type Key =
  | { kind: 'signature'; method: SigningMethod; key: SigningKey }
  | { kind: 'token'; digest: Buffer }
  | { kind: 'topic'; arn: string };

/** For a plain digest the bytes themselves. */
export type SigningKey = KeyObject | Buffer;

/** A signing secret's text as a key of its scheme; undefined when it cannot be one, or is empty. */
export function keyOf(scheme: Scheme, secret: string): Key | undefined {
  if (secret === '') return undefined;
  if (scheme.kind === 'token')
    return { kind: 'token', digest: hash('sha256', sentToken(scheme, secret), 'buffer') };
  if (scheme.kind === 'topic') return isTopicArn(secret) ? { kind: 'topic', arn: secret } : undefined;
  const { methods } = scheme;
  const prefixed = methods.find(({ prefix }) => prefix !== undefined && secret.startsWith(prefix));
  const method = prefixed ?? methods.at(-1);
  if (!prefixed && mayBePublicKey(scheme, secret)) return undefined;
  const key = method && signingKey(method, secret.slice(prefixed?.prefix?.length ?? 0));
  return key && { kind: 'signature', method, key };
}

/** As an HMAC's key, a public key whose prefix got lost would let everybody sign who knows it. */
function mayBePublicKey({ methods }: SignatureScheme, secret: string): boolean {
  const isMixed = methods.length > 1 && methods.some(({ algorithm }) => algorithm === 'ed25519');
  return isMixed && decoded(secret, 'base64')?.length === publicKeyLength;
}

/** The keys of all live secrets that can be one; the others count as none, so that one bad text stops no good one. */
export function keysOf(scheme: Scheme, secrets: readonly string[]): Key[] {
  return secrets.flatMap((secret) => keyOf(scheme, secret) ?? []);
}

/** A secret as it is sent, without the name of the scheme: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function sentToken({ form }: TokenScheme, secret: string): string {
  return form === 'basic' ? Buffer.from(secret).toString('base64') : secret;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function isTopicArn(text: string): boolean {
  return /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/.test(text);
}

function signingKey({ algorithm, key }: SigningMethod, text: string): SigningKey | undefined {
  const bytes = key === 'text' ? Buffer.from(text) : decoded(text, key === 'hex' ? 'hex' : 'base64');
  if (!bytes || bytes.length === 0) return undefined;
  if (algorithm === 'digest') return bytes;
  if (algorithm === 'hmac') return createSecretKey(bytes);
  try {
    const made =
      key === 'spki' ? createPublicKey({ key: bytes, format: 'der', type: 'spki' }) : ed25519Key(bytes);
    return isOf(algorithm, made) ? made : undefined;
  } catch {
    return undefined;
  }
}

/** A key of another algorithm would make every verification throw, or check another signature than is meant. */
function isOf(
  algorithm: 'ed25519' | 'ecdsa',
  { asymmetricKeyType, asymmetricKeyDetails }: KeyObject,
): boolean {
  if (algorithm === 'ed25519') return asymmetricKeyType === 'ed25519';
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/** https://www.rfc-editor.org/rfc/rfc8037#section-2 */
function ed25519Key(bytes: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
    format: 'jwk',
  });
}

/** Bytes written as hex or base64; undefined when the text is anything but that. Padding may be left out. */
function decoded(text: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  const bytes = Buffer.from(text, encoding);
  const same = (written: string) => written.replace(/=+$/, '');
  const again = bytes.toString(encoding);
  return same(encoding === 'hex' ? text.toLowerCase() : text) === same(again) ? bytes : undefined;
}
