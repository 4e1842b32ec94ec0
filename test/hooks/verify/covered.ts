import type { RawDelivery } from '../../../functions/hooks/delivery.ts';
import { twilioText } from './independent-signers.ts';
import type { SenderCase } from './sender-case.ts';

/**
 * What a proof says of a delivery, as a text: of two deliveries with one proof those with the same text are the same. By the title of a
 * case where that is not every byte of the body and of the headers that stand in the scheme; each says why.
 */
const coveredBy: Readonly<Record<string, (delivery: RawDelivery) => unknown>> = {
  // A token says who sends, not what.
  'api-key': ({ headers }) => headers['x-api-key'],
  basic: ({ headers }) => token(headers['authorization']),
  bearer: ({ headers }) => token(headers['authorization']),
  // The signature is over fields of the message.
  'aws-sns 1': ({ body }) => message(body),
  'aws-sns 2': ({ body }) => message(body),
  // A list may have entries that we do not know: other versions of signatures.
  calendly: ({ headers, body }) => [
    known(headers['calendly-webhook-signature'], ',', 't=', 'v1='),
    bytes(body),
  ],
  stripe: ({ headers, body }) => [known(headers['stripe-signature'], ',', 't=', 'v1='), bytes(body)],
  pagerduty: ({ headers, body }) => [known(headers['x-pagerduty-signature'], ',', 'v1='), bytes(body)],
  'standard-webhooks': standard('webhook', 'v1,', 'v1a,'),
  'standard-webhooks asymmetric': standard('webhook', 'v1,', 'v1a,'),
  'standard-webhooks of svix': standard('svix', 'v1,', 'v1a,'),
  // The URL may be called with its port or without.
  'generic-hmac of everything': ({ headers, body, method, url }) => [
    known(headers['x-sum'], ' ', 'one:'),
    headers['x-time'],
    headers['x-event'],
    method,
    withoutPort(url),
    bytes(body),
  ],
  'hubspot-v2': ({ headers, body, method, url }) => [
    headers['x-hubspot-signature'],
    method,
    withoutPort(url),
    bytes(body),
  ],
  square: ({ headers, body, url }) => [
    headers['x-square-hmacsha256-signature'],
    withoutPort(url),
    bytes(body),
  ],
  'twilio json': ({ headers, body, url }) => [headers['x-twilio-signature'], withoutPort(url), bytes(body)],
  // Some escapes in the URL are decoded before it is signed.
  hubspot: ({ headers, body, method, url }) => [
    headers['x-hubspot-signature-v3'],
    headers['x-hubspot-request-timestamp'],
    method,
    withoutPort(url).replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) => unescape(escape)),
    bytes(body),
  ],
  // The names and values of a form are signed, run together, as they are when they are decoded.
  'twilio form': ({ headers, body, url }) => [
    headers['x-twilio-signature'],
    withoutPort(url) + twilioText(body),
  ],
};

/** What the proof of a delivery covers of it. */
export function covered({ title, scheme }: SenderCase, delivery: RawDelivery): string {
  const cover = coveredBy[title];
  if (cover) return JSON.stringify(cover(delivery));
  if (scheme.kind !== 'signature') throw new Error(`What ${title} covers is not told`);
  const names = scheme.headers.flatMap((family) => Object.values(family) as string[]);
  return JSON.stringify([names.map((name) => delivery.headers[name]), bytes(delivery.body)]);
}

const bytes = (body: Buffer) => body.toString('hex');
const withoutPort = (url: string) => url.replace(/^(https?:\/\/(?:[^/?#@]*@)?[^/?#:]*):\d+/, '$1');
/** The name of the scheme is of either case. */
const token = (value = '') => [
  value.slice(0, value.indexOf(' ')).toLowerCase(),
  value.slice(value.indexOf(' ')),
];
const known = (value = '', separator: string, ...labels: string[]) =>
  value
    .split(separator)
    .filter((entry) => labels.some((label) => entry.startsWith(label)))
    .sort();
function standard(family: string, ...labels: string[]) {
  return ({ headers, body }: RawDelivery) => [
    headers[`${family}-id`],
    headers[`${family}-timestamp`],
    known(headers[`${family}-signature`], ' ', ...labels),
    bytes(body),
  ];
}

function message(body: Buffer): unknown {
  try {
    const { Type, MessageId, TopicArn, Message, Subject, Timestamp, ...rest } = JSON.parse(
      body.toString(),
    ) as Record<string, unknown>;
    const { SignatureVersion, Signature, SigningCertURL } = rest;
    const subject = typeof Subject === 'string' ? Subject : undefined;
    return [
      Type,
      MessageId,
      TopicArn,
      Message,
      subject,
      Timestamp,
      SignatureVersion,
      Signature,
      SigningCertURL,
    ];
  } catch {
    return bytes(body);
  }
}
