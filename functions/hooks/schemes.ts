import type { RawDelivery, VerifiedDelivery } from './delivery.ts';
import type { Key } from './keys.ts';
import type { Refusal, Scheme } from './scheme.ts';
import { verifySignature } from './verify-signature.ts';
import { verifyToken } from './verify-token.ts';
import { verifyTopicMessage, type FetchText } from './verify-topic-message.ts';

/** What verification takes from outside. */
export interface VerifyContext {
  /** Milliseconds since 1970. */
  now: number;
  fetchText: FetchText;
}

/**
 * Checks that a delivery is its sender's own, with any of the live keys. Returns the verified delivery, or why it is refused; never
 * throws but what `fetchText` throws, for the one scheme that needs it.
 */
export function verify(
  scheme: Scheme,
  delivery: RawDelivery,
  keys: readonly Key[],
  { now, fetchText }: VerifyContext,
): VerifiedDelivery | Refusal | Promise<VerifiedDelivery | Refusal> {
  switch (scheme.kind) {
    case 'signature':
      return verifySignature(scheme, delivery, keys, now);
    case 'token':
      return verifyToken(scheme, delivery, keys);
    case 'topic':
      return verifyTopicMessage(delivery, keys, fetchText);
  }
}
