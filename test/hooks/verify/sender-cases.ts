import type { KeyObject } from 'node:crypto';
import { hmacSender } from '../../../functions/hooks/senders/generic-hmac.ts';
import * as sign from './independent-signers.ts';
import type { Signer } from './independent-signers.ts';
import { senderCase, time, type SenderCase } from './sender-case.ts';
import {
  ed25519Secret,
  hexSecret,
  p256Secret,
  textSecret,
  topicSecret,
  whsecSecret,
  type Secret,
} from './test-keys.ts';

/** Of a sender whose secret is a text, under its own name. */
const ofText = (sender: string, signer: Signer<string>, body?: SenderCase['body']) =>
  senderCase(sender, { sender, secret: textSecret, sign: signer, ...(body && { body }) });

const visible = (n: number): Secret<string> => ({ told: `token-${n}`, key: `token-${n}` });
const withTime = (says: string, webhookTimestamp = time) =>
  Buffer.from(JSON.stringify({ says, webhookTimestamp }));
const form = (says: string) => Buffer.from(new URLSearchParams({ Body: says, From: '+1' }).toString());
const message = (Message: string, at = time) =>
  Buffer.from(
    JSON.stringify({
      Type: 'Notification',
      MessageId: '26858270-545e-5848-82a2-e05566af3dcf',
      TopicArn: topicSecret(0).told,
      Message,
      Timestamp: new Date(at).toISOString(),
    }),
  );
const timed = hmacSender({
  name: 'timed',
  header: 'x-sum',
  hash: 'sha512',
  encoding: 'base64',
  key: 'hex',
  label: 'one:',
  form: { separator: ' ' },
  timestamp: { header: 'x-time' },
  unit: 'rfc3339',
  id: 'x-event',
  signed: [
    'method',
    { text: ' ' },
    'url',
    { text: '\n' },
    'timestamp',
    { text: '\n' },
    'id',
    { text: '\n' },
    'body',
  ],
  tolerance: 30,
  eventId: 'body',
});
const whpk = ed25519Secret((raw) => `whpk_${raw.toString('base64')}`);
const ofStandard = { sender: 'standard-webhooks' };
const ofTwilio = { sender: 'twilio', secret: textSecret };

/** Every sender, in each of its ways. */
export const senderCases: readonly SenderCase[] = [
  senderCase('api-key', { sender: 'api-key', secret: visible, sign: sign.apiKey }),
  senderCase('aws-sns 1', { sender: 'aws-sns', secret: topicSecret, body: message, sign: sign.awsSns('1') }),
  senderCase('aws-sns 2', { sender: 'aws-sns', secret: topicSecret, body: message, sign: sign.awsSns('2') }),
  ofText('basic', sign.basic),
  senderCase('bearer', { sender: 'bearer', secret: visible, sign: sign.bearer }),
  ofText('calendly', sign.timedList('calendly-webhook-signature')),
  senderCase('discord', {
    sender: 'discord',
    secret: ed25519Secret((raw) => raw.toString('hex')),
    sign: sign.discord,
  }),
  ofText('generic-hmac', sign.bodyHex('x-signature')),
  senderCase('generic-hmac of everything', {
    sender: 'generic-hmac',
    scheme: timed.scheme,
    secret: hexSecret,
    sign: sign.everything,
  }),
  ofText('github', sign.bodyHex('x-hub-signature-256', 'sha256=')),
  ofText('hubspot', sign.hubspot),
  ofText('hubspot-v1', sign.hubspotV1),
  ofText('hubspot-v2', sign.hubspotV2),
  ofText('intercom', sign.intercom),
  ofText('kustomer', sign.bodyHex('x-kustomer-webhook-signature')),
  ofText('linear', sign.bodyHex('linear-signature'), withTime),
  ofText('pagerduty', sign.bodyHex('x-pagerduty-signature', 'v1=')),
  senderCase('sendgrid', { sender: 'sendgrid', secret: p256Secret, sign: sign.sendgrid }),
  ofText('shopify', sign.bodyBase64('x-shopify-hmac-sha256')),
  senderCase('shopify without x', {
    sender: 'shopify',
    secret: textSecret,
    sign: sign.bodyBase64('shopify-hmac-sha256'),
  }),
  ofText('slack', sign.slack),
  ofText('square', sign.square),
  senderCase<Buffer | KeyObject>('standard-webhooks', {
    ...ofStandard,
    secret: whsecSecret,
    sign: sign.standardWebhooks('webhook'),
  }),
  senderCase<Buffer | KeyObject>('standard-webhooks of svix', {
    ...ofStandard,
    secret: whsecSecret,
    sign: sign.standardWebhooks('svix'),
  }),
  senderCase<Buffer | KeyObject>('standard-webhooks asymmetric', {
    ...ofStandard,
    secret: whpk,
    sign: sign.standardWebhooks('webhook'),
  }),
  ofText('stripe', sign.timedList('stripe-signature')),
  senderCase('twilio form', { ...ofTwilio, body: form, sign: sign.twilioForm }),
  senderCase('twilio json', { ...ofTwilio, sign: sign.twilioJson }),
  ofText('typeform', sign.bodyBase64('typeform-signature', 'sha256=')),
  ofText('zendesk', sign.zendesk),
];
