import { KeyObject } from 'node:crypto';
import type { RawDelivery, VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Refusal, Scheme } from '../../../functions/hooks/scheme.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import type { SigningSecret } from '../../../functions/hooks/sign.ts';
import type { Signer, Unsigned } from './independent-signers.ts';
import { fetchCertificate, type Secret } from './test-keys.ts';

/** One way in which a sender proves that a delivery is its own. */
export interface SenderCase {
  title: string;
  /** The sender's name in the registry. */
  sender: string;
  scheme: Scheme;
  /** Secret number `n`, as it is told to us. */
  secret(n: number): string;
  /** What signs with it: the same text, or the private key. */
  signingSecret(n: number): SigningSecret;
  /** A body that says `text` and, where times stand in bodies, `time`. */
  body(text: string, time?: number): Buffer;
  /** A delivery of `Unsigned`, signed with secret number `n`. */
  sign(unsigned?: Partial<Unsigned>, n?: number): RawDelivery;
}

/** When everything happens, in milliseconds. */
export const time = Date.UTC(2027, 0, 15, 12);
/** What every body says unless told. */
export const text = 'A dispute was opened';
/** What else is signed unless told. */
export const usual = {
  url: 'https://intake.example.com/v1/hooks/source?a=1&b=2',
  method: 'POST',
  id: 'event_1',
};

/** What a case is made of; the scheme is the sender's own unless told. */
export interface Given<Key> {
  sender: string;
  scheme?: Scheme;
  secret: (n: number) => Secret<Key>;
  body?: SenderCase['body'];
  sign: Signer<Key>;
}

/** Makes a case. */
export function senderCase<Key>(title: string, given: Given<Key>): SenderCase {
  const { sender, secret, sign: signWith } = given;
  const body = given.body ?? ((says: string) => Buffer.from(says));
  return {
    title,
    sender,
    scheme: given.scheme ?? senders[sender]!.scheme,
    secret: (n) => secret(n).told,
    signingSecret(n) {
      const { told, key } = secret(n);
      return key instanceof KeyObject ? key : told;
    },
    body,
    sign(unsigned, n = 0) {
      const whole = { ...usual, time, ...unsigned };
      const { url, method } = whole;
      const delivery = { headers: {}, url, method, body: whole.body ?? body(text, whole.time) };
      return { ...delivery, ...signWith(secret(n).key, { ...whole, body: delivery.body }) };
    },
  };
}

/** What verification says to a delivery, at a time and with live secrets: `time` and secret 0 unless told. */
export async function judged(
  { scheme, secret }: Pick<SenderCase, 'scheme' | 'secret'>,
  delivery: RawDelivery,
  { now = time, secrets = [secret(0)] }: { now?: number; secrets?: readonly string[] } = {},
): Promise<VerifiedDelivery | Refusal> {
  return verify(scheme, delivery, keysOf(scheme, secrets), { now, fetchText: fetchCertificate });
}
