import {
  createHash,
  createHmac,
  createPublicKey,
  hash,
  timingSafeEqual,
  verify as verifyWithKey,
} from 'node:crypto';
import type { RawDelivery } from '../functions/hooks/delivery.ts';
import type { SignatureScheme, SigningMethod } from '../functions/hooks/scheme.ts';

type Pieces = readonly (string | Buffer)[];

/** What is checked by hand: a received signature as it was written, over `pieces` of which the texts are at hand. */
export interface BareDelivery {
  scheme: SignatureScheme;
  method: SigningMethod;
  secret: string;
  delivery: RawDelivery;
  pieces: Pieces;
  /** The signature's header as it was received. */
  value: string;
}

/**
 * The calls of node:crypto that one would write for this sender alone, and what it must read besides: a form, the hash of a body, a time
 * in the body. Tells whether the signature holds.
 */
export function bareVerification({
  scheme,
  method,
  secret,
  delivery,
  pieces,
  value,
}: BareDelivery): () => boolean {
  const isRight = bareSignature(method, secret.slice(method.prefix?.length ?? 0));
  const { form, encoding } = scheme;
  const received = () => {
    const entry =
      form === 'one'
        ? value
        : (value.split(form.separator).find((one) => one.startsWith(method.label)) ?? '');
    return Buffer.from(entry.slice(method.label.length), encoding);
  };
  const { body, url, headers } = delivery;
  if (scheme.signed.includes('form or body hash')) {
    if (headers['content-type']?.endsWith('form-urlencoded')) {
      return () => isRight([url, sortedForm(body)], received());
    }
    const bodyHash = new URL(url).searchParams.get('bodySHA256');
    return () => hash('sha256', body) === bodyHash && isRight([url], received());
  }
  if (typeof scheme.freshness?.in === 'object') {
    const { field } = scheme.freshness.in;
    return () => {
      const time = (JSON.parse(body.toString()) as Record<string, unknown>)[field];
      return typeof time === 'number' && isRight(pieces, received());
    };
  }
  return () => isRight(pieces, received());
}

/** https://www.twilio.com/docs/usage/security, as its own library does it. */
function sortedForm(body: Buffer): string {
  const form = new URLSearchParams(body.toString());
  return [...new Set(form.keys())]
    .sort()
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

function bareSignature({ algorithm, hash: name = 'sha256', key }: SigningMethod, text: string) {
  const encoding = key === 'hex' ? 'hex' : 'base64';
  switch (algorithm) {
    case 'hmac': {
      const secret = key === 'text' ? text : Buffer.from(text, encoding);
      return (pieces: Pieces, received: Buffer) =>
        timingSafeEqual(updated(createHmac(name, secret), pieces).digest(), received);
    }
    case 'digest':
      return (pieces: Pieces, received: Buffer) =>
        timingSafeEqual(updated(createHash(name).update(text), pieces).digest(), received);
    case 'ed25519':
    case 'ecdsa': {
      const bytes = Buffer.from(text, encoding);
      const publicKey =
        algorithm === 'ecdsa'
          ? createPublicKey({ key: bytes, format: 'der', type: 'spki' })
          : createPublicKey({
              key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
              format: 'jwk',
            });
      const digest = algorithm === 'ecdsa' ? name : null;
      return (pieces: Pieces, received: Buffer) =>
        verifyWithKey(digest, Buffer.concat(pieces.map((piece) => Buffer.from(piece))), publicKey, received);
    }
  }
}

function updated<Digest extends { update(piece: string | Buffer): unknown }>(
  digest: Digest,
  pieces: Pieces,
): Digest {
  for (const piece of pieces) digest.update(piece);
  return digest;
}
