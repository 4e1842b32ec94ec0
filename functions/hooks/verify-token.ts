import { hash, timingSafeEqual } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from './delivery.ts';
import type { Key } from './keys.ts';
import type { Refusal, TokenScheme } from './scheme.ts';

/**
 * Checks a secret that is sent as it is: SHA-256 digests are compared, which are of one length and tell nothing of the secret by
 * how long the comparison takes. All live secrets are tried.
 */
export function verifyToken(
  { header, form }: TokenScheme,
  delivery: RawDelivery,
  keys: readonly Key[],
): VerifiedDelivery | Refusal {
  if (keys.length === 0) return 'no usable secret';
  const value = delivery.headers[header];
  if (value === undefined) return 'no signature';
  const token = tokenIn(form, value);
  if (token === undefined) return 'malformed signature';
  const received = hash('sha256', token, 'buffer');
  let match = -1;
  for (const [index, key] of keys.entries()) {
    if (key.kind === 'token' && timingSafeEqual(key.digest, received) && match < 0) match = index;
  }
  return match < 0 ? 'wrong signature' : new VerifiedDelivery(delivery, match);
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 and https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function tokenIn(form: TokenScheme['form'], value: string): string | undefined {
  if (form === 'plain') return value === '' ? undefined : value;
  const blank = value.indexOf(' ');
  return blank > 0 && value.slice(0, blank).toLowerCase() === form ? value.slice(blank + 1) : undefined;
}
