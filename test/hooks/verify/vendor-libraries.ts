import { sign as signForGithub, verify as verifyForGithub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import twilio from 'twilio';
import type { RawDelivery } from '../../../functions/hooks/delivery.ts';
import { textSecret, whsecSecret, type Secret } from './test-keys.ts';

/** A vendor's own library: it signs a body as the vendor would, and says whether a delivery is signed so. */
export interface VendorLibrary {
  title: string;
  /** Whose scheme it is, in the registry. */
  sender: string;
  secret: (n: number) => Secret<string | Buffer>;
  /** The bodies that it can sign. */
  bodies: readonly string[];
  contentType: string;
  /** What signing adds or changes. */
  sign(secret: string, body: string): Partial<RawDelivery> | Promise<Partial<RawDelivery>>;
  verifies(secret: string, delivery: RawDelivery): boolean | Promise<boolean>;
}

/** When all is signed, in milliseconds: now, because the libraries look at their own clocks. */
export const signingTime = Math.floor(Date.now() / 1000) * 1000;
/** What the senders call. */
export const calledUrl = "https://intake.example.com/v1/hooks/source?a=1&b=It's+%27";
/** For schemes that sign one. */
export const eventId = 'msg_1';

const seconds = signingTime / 1000;
const texts = ['{"a":"é🦀"}', 'x', ' \r\n', '\u0000\u2028\ufeff', 'a=1&b=2', '大'.repeat(50_000)];
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const forms = [
  'CallSid=CA123&From=%2B14158675309',
  'Body=Gr%C3%B6%C3%9Fe+%F0%9F%A6%80&B=1&a=2',
  'Digits=5678&Digits=1234&Digits=1234',
  'b&a=&=c&%00=%0A',
  'Body=a%26b%3Dc+%2B&',
  Array.from({ length: 500 }, (_, index) => `field${index}=${index}`).join('&'),
  '',
];

/** Those that can sign for us. */
export const vendorLibraries: readonly VendorLibrary[] = [
  {
    title: 'standardwebhooks',
    sender: 'standard-webhooks',
    secret: whsecSecret,
    bodies: [...texts, ''],
    contentType: json,
    sign: (secret, body) => ({
      headers: {
        'webhook-id': eventId,
        'webhook-timestamp': String(seconds),
        'webhook-signature': new Webhook(secret).sign(eventId, new Date(signingTime), body),
      },
    }),
    verifies: (secret, { headers, body }) =>
      holds(() => new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false })),
  },
  {
    title: 'stripe',
    sender: 'stripe',
    secret: textSecret,
    bodies: [...texts, ''],
    contentType: json,
    sign(secret, payload) {
      const options = { payload, secret, timestamp: seconds };
      return { headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString(options) } };
    },
    verifies: (secret, { body, headers }) =>
      holds(() =>
        Stripe.webhooks.signature?.verifyHeader(body, headers['stripe-signature'] ?? '', secret, 300),
      ),
  },
  {
    title: '@octokit/webhooks-methods',
    sender: 'github',
    secret: textSecret,
    bodies: texts, // It throws for an empty one.
    contentType: json,
    sign: async (secret, body) => ({ headers: { 'x-hub-signature-256': await signForGithub(secret, body) } }),
    verifies: (secret, { headers, body }) =>
      verifyForGithub(secret, body.toString(), headers['x-hub-signature-256'] ?? ''),
  },
  {
    title: 'twilio, of forms',
    sender: 'twilio',
    secret: textSecret,
    bodies: forms,
    contentType: form,
    sign(secret, body) {
      const signature = twilio.getExpectedTwilioSignature(secret, calledUrl, fieldsOf(body));
      return { headers: { 'content-type': form, 'x-twilio-signature': signature } };
    },
    verifies: (secret, { headers, body, url }) =>
      twilio.validateRequest(secret, headers['x-twilio-signature'] ?? '', url, fieldsOf(body.toString())),
  },
  {
    title: 'twilio, of other bodies',
    sender: 'twilio',
    secret: textSecret,
    bodies: texts,
    contentType: json,
    sign(secret, body) {
      const url = `${calledUrl}&bodySHA256=${twilio.getExpectedBodyHash(body)}`;
      const signature = twilio.getExpectedTwilioSignature(secret, url, {});
      return { url, headers: { 'content-type': json, 'x-twilio-signature': signature } };
    },
    verifies: (secret, { headers, body, url }) =>
      twilio.validateRequestWithBody(secret, headers['x-twilio-signature'] ?? '', url, body.toString()),
  },
];

/** What throws does not hold. */
function holds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function fieldsOf(body: string): Record<string, string[]> {
  const fields = new URLSearchParams(body);
  // Arrays of the test's own: Jest runs it apart from Node, whose arrays are of another class there, which the library asks for.
  return Object.fromEntries([...fields.keys()].map((name) => [name, [...fields.getAll(name)]]));
}
