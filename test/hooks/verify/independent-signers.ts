import { createHash, createHmac, hash, sign, type KeyObject } from 'node:crypto';
import type { RawDelivery } from '../../../functions/hooks/delivery.ts';

/** What a sender signs, before it has. */
export interface Unsigned {
  body: Buffer;
  url: string;
  method: string;
  /** Milliseconds since 1970. */
  time: number;
  id: string;
  /** The time as the sender writes it, where it is not how it should. */
  stamp?: string;
}

/** Signs as one sender does, with node:crypto alone: shares nothing with what is tested. Gives what signing adds or changes. */
export type Signer<Key> = (key: Key, unsigned: Unsigned) => Partial<RawDelivery>;

type Part = string | Buffer;
const joined = (parts: Part[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const hmac = (algorithm: string, key: Part, ...parts: Part[]) =>
  createHmac(algorithm, key).update(joined(parts)).digest();
const hex = (...[key, ...parts]: [Part, ...Part[]]) => hmac('sha256', key, ...parts).toString('hex');
const base64 = (...[key, ...parts]: [Part, ...Part[]]) => hmac('sha256', key, ...parts).toString('base64');
const seconds = ({ time, stamp }: Unsigned) => stamp ?? String(Math.floor(time / 1000));
const iso = ({ time, stamp }: Unsigned) => stamp ?? new Date(time).toISOString();
const headers = (values: Record<string, string>): Partial<RawDelivery> => ({ headers: values });

export const apiKey: Signer<string> = (key) => headers({ 'x-api-key': key });
export const bearer: Signer<string> = (key) => headers({ authorization: `Bearer ${key}` });
export const basic: Signer<string> = (key) =>
  headers({ authorization: `Basic ${Buffer.from(key).toString('base64')}` });

/** Calendly and Stripe: a list with the time in it. */
export const timedList =
  (name: string): Signer<string> =>
  (key, unsigned) =>
    headers({ [name]: `t=${seconds(unsigned)},v1=${hex(key, seconds(unsigned), '.', unsigned.body)}` });

/** Of the body alone, in hex behind a label. */
export const bodyHex =
  (name: string, label = ''): Signer<string> =>
  (key, { body }) =>
    headers({ [name]: label + hex(key, body) });

/** Of the body alone, in base64 behind a label. */
export const bodyBase64 =
  (name: string, label = ''): Signer<string> =>
  (key, { body }) =>
    headers({ [name]: label + base64(key, body) });

export const intercom: Signer<string> = (key, { body }) =>
  headers({ 'x-hub-signature': `sha1=${hmac('sha1', key, body).toString('hex')}` });

export const discord: Signer<KeyObject> = (key, unsigned) =>
  headers({
    'x-signature-ed25519': sign(null, joined([seconds(unsigned), unsigned.body]), key).toString('hex'),
    'x-signature-timestamp': seconds(unsigned),
  });

export const sendgrid: Signer<KeyObject> = (key, unsigned) => {
  const signature = sign('sha256', joined([seconds(unsigned), unsigned.body]), key);
  return headers({
    'x-twilio-email-event-webhook-signature': signature.toString('base64'),
    'x-twilio-email-event-webhook-timestamp': seconds(unsigned),
  });
};

/** The escapes that HubSpot decodes in a URL before it signs it, and no others. */
const hubspotEscapes = [...":/?@!$'()*,;"].map(
  (letter) => [letter, `%${Buffer.from(letter).toString('hex')}`] as const,
);
const hubspotUrl = (url: string) =>
  hubspotEscapes.reduce((text, [letter, escape]) => text.split(new RegExp(escape, 'i')).join(letter), url);

export const hubspot: Signer<string> = (key, { body, url, method, time, stamp = String(time) }) =>
  headers({
    'x-hubspot-signature-v3': base64(key, method, hubspotUrl(url), body, stamp),
    'x-hubspot-request-timestamp': stamp,
  });

export const hubspotV1: Signer<string> = (key, { body }) =>
  headers({
    'x-hubspot-signature': createHash('sha256')
      .update(joined([key, body]))
      .digest('hex'),
  });

export const hubspotV2: Signer<string> = (key, { body, url, method }) =>
  headers({
    'x-hubspot-signature': createHash('sha256')
      .update(joined([key, method, url, body]))
      .digest('hex'),
  });

export const slack: Signer<string> = (key, unsigned) =>
  headers({
    'x-slack-signature': `v0=${hex(key, 'v0:', seconds(unsigned), ':', unsigned.body)}`,
    'x-slack-request-timestamp': seconds(unsigned),
  });

export const square: Signer<string> = (key, { body, url }) =>
  headers({ 'x-square-hmacsha256-signature': base64(key, url, body) });

export const zendesk: Signer<string> = (key, unsigned) =>
  headers({
    'x-zendesk-webhook-signature': base64(key, iso(unsigned), unsigned.body),
    'x-zendesk-webhook-signature-timestamp': iso(unsigned),
  });

/** Under the names that begin with `webhook` or with `svix`. */
export const standardWebhooks =
  (family: string): Signer<Buffer | KeyObject> =>
  (key, unsigned) => {
    const { body, id } = unsigned;
    const content = joined([id, '.', seconds(unsigned), '.', body]);
    const signature = Buffer.isBuffer(key)
      ? `v1,${hmac('sha256', key, content).toString('base64')}`
      : `v1a,${sign(null, content, key).toString('base64')}`;
    return headers({
      [`${family}-id`]: id,
      [`${family}-timestamp`]: seconds(unsigned),
      [`${family}-signature`]: signature,
    });
  };

/** The names in their order, each with its values in theirs, run together: of equal values one. */
export function twilioText(body: Buffer): string {
  const pairs = [...new URLSearchParams(body.toString())].map((pair) => JSON.stringify(pair));
  const once = [...new Set(pairs)].map((pair) => JSON.parse(pair) as [string, string]);
  const before = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  once.sort(([name, value], [other, otherValue]) => before(name, other) || before(value, otherValue));
  return once.flat().join('');
}

export const twilioForm: Signer<string> = (key, { body, url }) =>
  headers({
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': hmac('sha1', key, url, twilioText(body)).toString('base64'),
  });

export const twilioJson: Signer<string> = (key, { body, url }) => {
  const whole = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash('sha256', body)}`;
  const signature = hmac('sha1', key, whole).toString('base64');
  return { url: whole, headers: { 'content-type': 'application/json', 'x-twilio-signature': signature } };
};

/** The body is the message as JSON, but for what is about its signature. */
export const awsSns =
  (version: '1' | '2', certificate = 'https://sns.us-east-1.amazonaws.com/sns.pem'): Signer<KeyObject> =>
  (key, { body }) => {
    const message = JSON.parse(body.toString()) as Record<string, string>;
    const content = Object.keys(message)
      .filter((name) => name !== 'UnsubscribeURL')
      .sort()
      .map((name) => `${name}\n${message[name]}\n`)
      .join('');
    const signature = sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(content), key);
    const proof = {
      SignatureVersion: version,
      Signature: signature.toString('base64'),
      SigningCertURL: certificate,
    };
    return {
      body: Buffer.from(JSON.stringify({ ...message, ...proof })),
      headers: { 'content-type': 'text/plain' },
    };
  };

/** As one generic sender of the tests does: everything that can be signed, in an order of its own. */
export const everything: Signer<Buffer> = (key, unsigned) => {
  const { body, url, method, id } = unsigned;
  const text = iso(unsigned);
  const digest = hmac('sha512', key, method, ' ', url, '\n', text, '\n', id, '\n', body);
  return headers({ 'x-sum': `one:${digest.toString('base64')}`, 'x-time': text, 'x-event': id });
};
