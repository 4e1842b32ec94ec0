import { readdirSync, readFileSync } from 'node:fs';
import type { RawDelivery } from '../../../functions/hooks/delivery.ts';
import type { Refusal, Scheme } from '../../../functions/hooks/scheme.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { hmacSender, type HmacOptions } from '../../../functions/hooks/senders/generic-hmac.ts';

/** A signed delivery, as somebody else published it: a vendor, or the tests of an open library. */
export interface PublishedVector {
  id: string;
  sender: string;
  /** What it shows. */
  note?: string;
  /** For the generic sender. */
  options?: Omit<HmacOptions, 'name' | 'eventId'>;
  /** Of AWS SNS the topic's ARN. */
  secret: string;
  headers: Record<string, string>;
  /** A text, or one that is too long to be written here. */
  body: string | { repeat: string; times: number };
  url?: string;
  method?: string;
  /** The time at which it arrives, in seconds; where it is left out, no time is checked. */
  now?: number;
  outcome: 'accepted' | Refusal;
  /** By whom: `official`, `third-party-suite`; `…-composed` of parts that they published. */
  published: string;
  source: string;
}

const folder = new URL('vectors/', import.meta.url);

/** All of vectors/. */
export const publishedVectors: readonly PublishedVector[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as PublishedVector[]);

/**
 * The certificate that SNS signed its vectors with, of the same source as they. It was valid from November 2025 to October 2026.
 */
export const snsCertificate = readFileSync(new URL('aws-sns.pem', folder), 'utf8');

/** The scheme of the sender that the vector is for. */
export function schemeOf({ id, sender, options }: PublishedVector): Scheme {
  return options ? hmacSender({ name: id, eventId: 'body', ...options }).scheme : senders[sender]!.scheme;
}

/** The vector as it arrives. */
export function deliveryOf({ headers, body, url, method }: PublishedVector): RawDelivery {
  const text = typeof body === 'string' ? body : body.repeat.repeat(body.times);
  return {
    headers,
    body: Buffer.from(text),
    method: method ?? 'POST',
    url: url ?? 'https://hooks.example.com/',
  };
}
