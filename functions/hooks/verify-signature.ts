import {
  createHash,
  createHmac,
  timingSafeEqual,
  verify as verifyWithKey,
  type KeyObject,
} from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from './delivery.ts';
import { staleness } from './freshness.ts';
import type { Key } from './keys.ts';
import { signedContents, type Pieces } from './signed-content.ts';
import type { Refusal, SignatureHeaders, SignatureScheme, SigningMethod } from './scheme.ts';

/** More signatures than any sender has live secrets: each one costs time. */
const mostSignatures = 10;
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
  const names =
    scheme.headers.find(({ signature }) => headers[signature] !== undefined) ?? scheme.headers[0]!;
  const value = headers[names.signature];
  if (value === undefined) return 'no signature';
  const read =
    scheme.form === 'one' ? readOne(scheme, value) : readList(scheme, value, scheme.form.separator);
  if (typeof read === 'string') return read;
  const timestamp = scheme.freshness?.in === 'signature' ? read.timestamp : textOf(headers, names.timestamp);
  const contents = signedContents(scheme.signed, { delivery, timestamp, id: textOf(headers, names.id) });
  if (typeof contents === 'string') return contents;
  const match = matchingKey(keys, read.signatures, contents);
  if (match < 0) return 'wrong signature';
  const stale = scheme.freshness && staleness(scheme.freshness, timestamp, delivery, now);
  return stale ?? new VerifiedDelivery(delivery, match);
}

interface ReadHeader {
  signatures: readonly Signature[];
  timestamp?: string;
}

/** A received signature, of the method whose label it has. */
interface Signature {
  method: SigningMethod;
  bytes: Buffer;
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
 * A list: signatures of versions that we do not know are skipped. The same signature twice, or two times, mean that the header
 * came twice: no sender does that, and which of the two was meant cannot be told.
 */
function readList(scheme: SignatureScheme, value: string, separator: string): ReadHeader | Refusal {
  const entries = value.split(separator);
  if (entries.length > 2 * mostSignatures || new Set(entries).size < entries.length)
    return 'malformed signature';
  const signatures: Signature[] = [];
  for (const entry of entries) {
    const signature = readSignature(scheme, entry);
    if (signature) signatures.push(signature);
    else if (scheme.methods.some(({ label }) => entry.startsWith(label))) return 'malformed signature';
  }
  if (signatures.length === 0) return 'unknown version';
  if (signatures.length > mostSignatures) return 'malformed signature';
  if (scheme.freshness?.in !== 'signature') return { signatures };
  const times = entries.filter((entry) => entry.startsWith('t='));
  if (times.length !== 1) return times.length === 0 ? 'no timestamp' : 'malformed timestamp';
  return { signatures, timestamp: times[0]!.slice(2) };
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
function matchingKey(
  keys: readonly Key[],
  signatures: readonly Signature[],
  contents: readonly Pieces[],
): number {
  let match = -1;
  for (const [index, candidate] of keys.entries()) {
    if (candidate.kind !== 'signature') continue;
    const { method, key } = candidate;
    for (const content of contents) {
      if (isSignedBy(method, key, signatures, content) && match < 0) match = index;
    }
  }
  return match;
}

function isSignedBy(
  method: SigningMethod,
  key: KeyObject,
  signatures: readonly Signature[],
  content: Pieces,
): boolean {
  const own = signatures.filter((signature) => signature.method === method);
  if (method.algorithm === 'ed25519' || method.algorithm === 'ecdsa') {
    const bytes = Buffer.concat(
      content.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
    );
    const hash = method.algorithm === 'ed25519' ? null : (method.hash ?? 'sha256');
    return own.filter(({ bytes: signature }) => verifyWithKey(hash, bytes, key, signature)).length > 0;
  }
  const digest = digestOf(method, key, content);
  return own.filter(({ bytes }) => timingSafeEqual(digest, bytes)).length > 0;
}

/** The digest that a delivery must have: an HMAC, or a plain hash over the secret and what is signed. */
export function digestOf(
  { algorithm, hash = 'sha256' }: SigningMethod,
  key: KeyObject,
  content: Pieces,
): Buffer {
  const digest = algorithm === 'hmac' ? createHmac(hash, key) : createHash(hash).update(key.export());
  for (const piece of content) digest.update(piece);
  return digest.digest();
}
