import { randomUUID } from 'node:crypto';
import type { RawDelivery } from '../../functions/hooks/delivery.ts';
import type { Scheme } from '../../functions/hooks/scheme.ts';
import { signDelivery, type SigningSecret } from '../../functions/hooks/sign.ts';
import type { Sample } from './read-sample.ts';

/** The sample with the id that is signed with it, made up if it has none: the same each time that it is sent. */
export function withId(scheme: Scheme, sample: Sample): Sample {
  const name = scheme.kind === 'signature' ? scheme.headers[0]!.id : undefined;
  if (name === undefined || sample.headers[name] !== undefined) return sample;
  return { ...sample, headers: { ...sample.headers, [name]: `msg_${randomUUID()}` } };
}

/** A sample as its sender would deliver it to `url` just now: the time that must be fresh is made so, in a header or in the body. */
export function signSample(scheme: Scheme, secret: SigningSecret, sample: Sample, url: string): RawDelivery {
  const now = Date.now();
  const { headers } = sample;
  const id = scheme.kind === 'signature' ? headers[scheme.headers[0]!.id ?? ''] : undefined;
  const delivery = { headers, body: withTime(scheme, sample.body, now), method: 'POST', url };
  return signDelivery(scheme, secret, delivery, { now, ...(id !== undefined && { id }) });
}

/** Some senders put the time into the body: an old one would be refused, so it is replaced, and nothing else is. */
function withTime(scheme: Scheme, body: Buffer, now: number): Buffer {
  const place = scheme.kind === 'signature' ? scheme.freshness?.in : undefined;
  if (typeof place !== 'object') return body;
  return Buffer.from(body.toString().replace(new RegExp(`("${place.field}"\\s*:\\s*)\\d+`), `$1${now}`));
}
