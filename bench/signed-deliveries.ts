import { generateKeyPairSync, hash, timingSafeEqual } from 'node:crypto';
import type { RawDelivery } from '../functions/hooks/delivery.ts';
import { keysOf, type Key } from '../functions/hooks/keys.ts';
import type { Scheme, SignatureScheme, SigningMethod, TokenScheme } from '../functions/hooks/scheme.ts';
import { senders } from '../functions/hooks/senders.ts';
import { signDelivery, type SigningSecret } from '../functions/hooks/sign.ts';
import { signedContent } from '../functions/hooks/signed-content.ts';
import type { FetchText } from '../functions/hooks/verify-topic-message.ts';
import { bareVerification } from './bare-verify.ts';

/** A signed delivery, and the bare calls of node:crypto that prove the same of it. */
export interface Candidate {
  name: string;
  scheme: Scheme;
  keys: readonly Key[];
  delivery: RawDelivery;
  /** As one would write it for this sender alone. */
  bare: () => boolean;
  now: number;
  fetchText: FetchText;
}

const now = Date.parse('2026-01-01T00:00:00Z');
const noFetch: FetchText = () => Promise.reject(new Error('nothing is fetched'));
/** 4 kB of JSON, as events are. */
const body = Buffer.from(
  JSON.stringify({
    webhookTimestamp: now,
    items: Array.from({ length: 40 }, (_, index) => ({
      index,
      text: 'an event as events are, more or less: about 4 kB of it',
    })),
  }),
);
const form = Buffer.from(
  new URLSearchParams(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`Field${index}`, 'some text'])),
  ).toString(),
);

/** A candidate for each way of each sender's scheme; AWS SNS, which only AWS can sign for, is left out. */
export function candidates(): Candidate[] {
  return Object.entries(senders).flatMap(([name, { scheme }]) => {
    if (scheme.kind === 'topic') return [];
    if (scheme.kind === 'token') return [tokenCandidate(name, scheme)];
    const ways = scheme.methods.filter(
      (method, at) => scheme.methods.findIndex(({ label }) => label === method.label) === at,
    );
    const forms = scheme.signed.includes('form or body hash') ? [body, form] : [body];
    return ways.flatMap((method) => forms.map((sent) => signatureCandidate(name, scheme, method, sent)));
  });
}

function tokenCandidate(name: string, scheme: TokenScheme): Candidate {
  const secret = 'user:a-secret-that-is-long-enough';
  const delivery = signDelivery(scheme, secret, unsigned(body), { now });
  const sent = scheme.form === 'basic' ? Buffer.from(secret).toString('base64') : secret;
  const digest = hash('sha256', sent, 'buffer');
  const bare = () => timingSafeEqual(digest, hash('sha256', sent, 'buffer'));
  return { name, scheme, keys: keysOf(scheme, [secret]), delivery, bare, now, fetchText: noFetch };
}

function signatureCandidate(
  name: string,
  scheme: SignatureScheme,
  method: SigningMethod,
  sent: Buffer,
): Candidate {
  const { secret, signWith } = secretFor(method);
  const delivery = signDelivery(scheme, signWith, unsigned(sent), { now, id: 'msg_1' });
  const { signature: header, timestamp: timestampHeader = '', id = '' } = scheme.headers[0]!;
  const value = delivery.headers[header]!;
  const timestamp = /t=(\d+)/.exec(value)?.[1] ?? delivery.headers[timestampHeader];
  const content = signedContent(
    scheme.signed,
    { delivery, timestamp, id: delivery.headers[id] },
    delivery.url,
  );
  if (typeof content === 'string') throw new Error(`${name}: ${content}`);
  return {
    name: [name, method.label === 'v1a,' && 'asymmetric', sent === form && 'form'].filter(Boolean).join(', '),
    scheme,
    keys: keysOf(scheme, [secret]),
    delivery,
    bare: bareVerification({ scheme, method, secret, delivery, pieces: content, value }),
    now,
    fetchText: noFetch,
  };
}

function unsigned(sent: Buffer): RawDelivery {
  const type = sent === form ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    headers: { 'content-type': type, 'user-agent': 'bench', host: 'example.com', accept: '*/*' },
    body: sent,
    method: 'POST',
    url: 'https://example.com/v1/hooks/bench',
  };
}

/** A live secret, and what the sender signs with. */
function secretFor({ algorithm, key, prefix = '' }: SigningMethod): {
  secret: string;
  signWith: SigningSecret;
} {
  if (algorithm === 'ed25519') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    return { secret: prefix + bytes.toString(key === 'hex' ? 'hex' : 'base64'), signWith: privateKey };
  }
  if (algorithm === 'ecdsa') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const secret = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    return { secret, signWith: privateKey };
  }
  const bytes = Buffer.from('a-secret-that-is-long-enough-for-all');
  const secret = prefix + bytes.toString(key === 'text' ? 'utf8' : key === 'hex' ? 'hex' : 'base64');
  return { secret, signWith: secret };
}
