import { createHash, createHmac, timingSafeEqual, verify as verifyWithKey } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from './delivery.ts';
import { staleness } from './freshness.ts';
import type { Key, SigningKey } from './keys.ts';
import { otherFormOf, signedContent, signsUrl, type Pieces } from './signed-content.ts';
import type { Refusal, SignatureHeaders, SignatureScheme, SigningMethod } from './scheme.ts';

/** More than any sender has in a list: each signature costs time. */
const mostEntries = 20;
const hashLength = { sha1: 20, sha256: 32, sha512: 64 };

/**
 * Checks a signature over a delivery's raw bytes against every live key: all are tried, so that time does not tell which one
 * matched. `now` is in milliseconds. Returns the verified delivery, or why it is refused.
 */
export function verifySignature(
  scheme: SignatureScheme,
  delivery: RawDelivery,
  keys: readonly Key[],
  now: number,
): VerifiedDelivery | Refusal {
  if (keys.length === 0) return 'no usable secret';
  const { headers } = delivery;
  const names = familyIn(scheme.headers, headers);
  const value = headers[names.signature];
  if (value === undefined) return 'no signature';
  const read =
    scheme.form === 'one' ? readOne(scheme, value) : readList(scheme, value, scheme.form.separator);
  if (typeof read === 'string') return read;
  const timestamp = scheme.freshness?.in === 'signature' ? read.timestamp : textOf(headers, names.timestamp);
  const signable = { delivery, timestamp, id: textOf(headers, names.id) };
  let content = signedContent(scheme.signed, signable, delivery.url);
  if (typeof content === 'string') return content;
  let match = matchingKey(keys, read.signatures, content);
  if (match < 0 && signsUrl(scheme.signed)) {
    content = signedContent(scheme.signed, signable, otherFormOf(delivery.url));
    if (typeof content !== 'string') match = matchingKey(keys, read.signatures, content);
  }
  if (match < 0) return 'wrong signature';
  const stale = scheme.freshness && staleness(scheme.freshness, timestamp, delivery, now);
  return stale ?? new VerifiedDelivery(delivery, match);
}

interface ReadHeader {
  signatures: readonly Signature[];
  timestamp?: string | undefined;
}

/** A received signature, of the method whose label it has. */
interface Signature {
  method: SigningMethod;
  bytes: Buffer;
}

/** The family of headers that a sender used: the first when it used none. */
function familyIn(families: SignatureScheme['headers'], headers: RawDelivery['headers']): SignatureHeaders {
  for (const family of families) if (isUsed(family, headers)) return family;
  return families[0]!;
}

/** By any of its headers: an id or a time beside another family's signature would be believed, and is not signed. */
function isUsed({ signature, timestamp, id }: SignatureHeaders, headers: RawDelivery['headers']): boolean {
  return (
    headers[signature] !== undefined ||
    (timestamp !== undefined && headers[timestamp] !== undefined) ||
    (id !== undefined && headers[id] !== undefined)
  );
}

function textOf(headers: RawDelivery['headers'], name: SignatureHeaders['id']): string | undefined {
  return name === undefined ? undefined : headers[name];
}

/** The header is exactly a label and a signature: two joined with a comma are none. */
function readOne(scheme: SignatureScheme, value: string): ReadHeader | Refusal {
  const signature = readSignature(scheme, value);
  return signature ? { signatures: [signature] } : 'malformed signature';
}

/**
 * A list: signatures of versions that we do not know are skipped. The same signature twice, two times, or white space after a
 * comma mean that the header came twice: no sender does that, and which of the two was meant cannot be told.
 */
function readList(scheme: SignatureScheme, value: string, separator: string): ReadHeader | Refusal {
  const entries = value.split(separator, mostEntries + 1);
  if (entries.length > mostEntries) return 'malformed signature';
  const isBeside = scheme.freshness?.in === 'signature';
  const signatures: Signature[] = [];
  let timestamp: string | undefined;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    const isTwice = entries.indexOf(entry) < index;
    if (isTwice || entry === '' || entry !== entry.trim()) return 'malformed signature';
    if (isBeside && entry.startsWith('t=')) {
      if (timestamp !== undefined) return 'malformed timestamp';
      timestamp = entry.slice(2);
      continue;
    }
    const signature = readSignature(scheme, entry);
    if (signature) signatures.push(signature);
    else if (scheme.methods.some(({ label }) => entry.startsWith(label))) return 'malformed signature';
  }
  if (signatures.length === 0) return 'unknown version';
  if (isBeside && timestamp === undefined) return 'no timestamp';
  return { signatures, timestamp };
}

/** Upper-case hex, white space and base64 that is written differently are no signature: no sender writes them. */
function readSignature({ methods, encoding }: SignatureScheme, text: string): Signature | undefined {
  for (const method of methods) {
    if (!text.startsWith(method.label)) continue;
    const written = method.label === '' ? text : text.slice(method.label.length);
    const bytes = Buffer.from(written, encoding);
    if (hasRightLength(method, bytes) && bytes.toString(encoding) === written) return { method, bytes };
  }
  return undefined;
}

function hasRightLength({ algorithm, hash = 'sha256' }: SigningMethod, { length }: Buffer): boolean {
  if (algorithm === 'ed25519') return length === 64;
  // ECDSA on P-256 in DER: https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3
  if (algorithm === 'ecdsa') return length >= 8 && length <= 72;
  return length === hashLength[hash];
}

/** The first key with which one of the signatures is right, -1 when there is none. */
function matchingKey(keys: readonly Key[], signatures: readonly Signature[], content: Pieces): number {
  let match = -1;
  for (let index = 0; index < keys.length; index++) {
    const candidate = keys[index]!;
    if (candidate.kind === 'signature' && isSignedBy(candidate, signatures, content) && match < 0)
      match = index;
  }
  return match;
}

function isSignedBy(
  { method, key }: Key & { kind: 'signature' },
  signatures: readonly Signature[],
  content: Pieces,
): boolean {
  const isSignature = verifierOf(method, key, content);
  let isRight = false;
  for (const signature of signatures) {
    if (signature.method === method && isSignature(signature.bytes)) isRight = true;
  }
  return isRight;
}

/** Tells of each received signature whether it is that of the content. */
function verifierOf(method: SigningMethod, key: SigningKey, content: Pieces): (signature: Buffer) => boolean {
  if (method.algorithm === 'ed25519' || method.algorithm === 'ecdsa') {
    const bytes = joined(content);
    const hash = method.algorithm === 'ed25519' ? null : (method.hash ?? 'sha256');
    return (signature) => verifyWithKey(hash, bytes, key, signature);
  }
  const digest = digestOf(method, key, content);
  return (signature) => timingSafeEqual(digest, signature);
}

/** Pieces as one run of bytes. */
export function joined(content: Pieces): Buffer {
  return Buffer.concat(content.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

/** The digest that a delivery must have: an HMAC, or a plain hash over the secret and what is signed. */
export function digestOf(
  { algorithm, hash = 'sha256' }: SigningMethod,
  key: SigningKey,
  content: Pieces,
): Buffer {
  const digest =
    algorithm === 'hmac'
      ? createHmac(hash, key)
      : createHash(hash).update(Buffer.isBuffer(key) ? key : key.export());
  for (const piece of content) digest.update(piece);
  return digest.digest();
}
