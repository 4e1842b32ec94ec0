import { createHmac, timingSafeEqual } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from './delivery.ts';

/** How a signature is made, as data. Knows no sender's name. */
export interface HmacScheme {
  hash: 'sha256';
  /** Header that carries the signature, in lower case. */
  header: string;
  /** What stands before the digest, e.g. `sha256=`. */
  label: string;
  encoding: 'hex';
}

/** Why a delivery is refused: for our log, never for the sender. */
export type Refusal = 'no secret' | 'no signature' | 'malformed signature' | 'wrong signature';

const digestLength = { sha256: 32 };

/**
 * Checks a delivery's signature over its raw bytes against every live secret: all are tried, so that time does not
 * tell which one matched. Returns the verified delivery, or why it is refused.
 */
export function verify(
  scheme: HmacScheme,
  delivery: RawDelivery,
  secrets: readonly string[],
): VerifiedDelivery | Refusal {
  if (secrets.length === 0) return 'no secret';
  const value = delivery.headers[scheme.header];
  if (value === undefined) return 'no signature';
  const received = decodeDigest(scheme, value);
  if (!received) return 'malformed signature';
  let match = -1;
  for (const [index, secret] of secrets.entries()) {
    const digest = createHmac(scheme.hash, secret).update(delivery.body).digest();
    if (timingSafeEqual(digest, received) && match < 0) match = index;
  }
  return match < 0 ? 'wrong signature' : new VerifiedDelivery(delivery, match);
}

/**
 * The digest in a signature header, or undefined when it is not exactly the label and a digest of the right length.
 * Two signatures joined with a comma are none. Upper-case hex is none either: no sender writes it.
 */
function decodeDigest({ hash, label, encoding }: HmacScheme, value: string): Buffer | undefined {
  if (!value.startsWith(label)) return undefined;
  const text = value.slice(label.length);
  const digest = Buffer.from(text, encoding);
  return digest.length === digestLength[hash] && digest.toString(encoding) === text ? digest : undefined;
}
