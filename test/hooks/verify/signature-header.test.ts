import { expect, it } from '@jest/globals';
import type { RawDelivery } from '../../../functions/hooks/delivery.ts';
import { all, testRules, type Rule } from './rule.ts';
import { time, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

/** Where each case's signature, or token, stands; what stands before it, and how it is written. */
const signatures: Readonly<Record<string, { header: string; label?: string; written?: 'hex' | 'base64' }>> = {
  'api-key': { header: 'x-api-key' },
  basic: { header: 'authorization' },
  bearer: { header: 'authorization' },
  calendly: { header: 'calendly-webhook-signature', label: `t=${time / 1000},v1=`, written: 'hex' },
  discord: { header: 'x-signature-ed25519', written: 'hex' },
  'generic-hmac': { header: 'x-signature', written: 'hex' },
  'generic-hmac of everything': { header: 'x-sum', label: 'one:', written: 'base64' },
  github: { header: 'x-hub-signature-256', label: 'sha256=', written: 'hex' },
  hubspot: { header: 'x-hubspot-signature-v3', written: 'base64' },
  'hubspot-v1': { header: 'x-hubspot-signature', written: 'hex' },
  'hubspot-v2': { header: 'x-hubspot-signature', written: 'hex' },
  intercom: { header: 'x-hub-signature', label: 'sha1=', written: 'hex' },
  kustomer: { header: 'x-kustomer-webhook-signature', written: 'hex' },
  linear: { header: 'linear-signature', written: 'hex' },
  pagerduty: { header: 'x-pagerduty-signature', label: 'v1=', written: 'hex' },
  sendgrid: { header: 'x-twilio-email-event-webhook-signature', written: 'base64' },
  shopify: { header: 'x-shopify-hmac-sha256', written: 'base64' },
  'shopify without x': { header: 'shopify-hmac-sha256', written: 'base64' },
  slack: { header: 'x-slack-signature', label: 'v0=', written: 'hex' },
  square: { header: 'x-square-hmacsha256-signature', written: 'base64' },
  'standard-webhooks': { header: 'webhook-signature', label: 'v1,', written: 'base64' },
  'standard-webhooks of svix': { header: 'svix-signature', label: 'v1,', written: 'base64' },
  'standard-webhooks asymmetric': { header: 'webhook-signature', label: 'v1a,', written: 'base64' },
  stripe: { header: 'stripe-signature', label: `t=${time / 1000},v1=`, written: 'hex' },
  'twilio form': { header: 'x-twilio-signature', written: 'base64' },
  'twilio json': { header: 'x-twilio-signature', written: 'base64' },
  typeform: { header: 'typeform-signature', label: 'sha256=', written: 'base64' },
  zendesk: { header: 'x-zendesk-webhook-signature', written: 'base64' },
};
/** Those of AWS SNS stand in the body: topic-messages.test.ts. */
const signed = Object.keys(signatures);
const butTokens = all(['api-key', 'basic', 'bearer'], 'wrong signature', 'any text may be a token');
const butKey = all(['api-key'], 'wrong signature', 'any text may be a key');
const written = (as: 'hex' | 'base64') => signed.filter((title) => signatures[title]!.written === as);
const labelled = signed.filter((title) => signatures[title]!.label);
const encoded = [...written('hex'), ...written('base64')];
const lists = ['calendly', 'generic-hmac of everything', 'pagerduty', 'stripe'];
const standard = ['standard-webhooks', 'standard-webhooks of svix', 'standard-webhooks asymmetric'];
const butLists = all([...lists, ...standard], 'unknown version', 'a list may have more than we know');

function withHeader(delivery: RawDelivery, name: string, value: string | undefined): RawDelivery {
  return { ...delivery, headers: { ...delivery.headers, [name]: value } };
}

/** A rule for deliveries whose signature's header was changed after it was signed: what is there, and label and signature apart. */
function headerRule(
  title: string,
  change: (value: string, label: string, signature: string, of: SenderCase) => string | undefined,
  rest: Partial<Rule> = {},
): Rule {
  return {
    title,
    outcome: 'malformed signature',
    only: signed,
    alter(of) {
      const delivery = of.sign();
      const { header, label = '' } = signatures[of.title]!;
      const value = delivery.headers[header]!;
      const changed = change(value, label, value.slice(label.length), of);
      return { delivery: withHeader(delivery, header, changed) };
    },
    ...rest,
  };
}

/** Of the same length, and right nowhere. */
const wrong = (of: SenderCase) =>
  of.sign({ body: of.body('Another text') }).headers[signatures[of.title]!.header]!;
const reencoded = (signature: string, from: 'hex' | 'base64', to: 'hex' | 'base64') =>
  Buffer.from(signature, from).toString(to);

testRules([
  headerRule('without the header of its signature', () => undefined, { outcome: 'no signature' }),
  headerRule('with nothing in that header', () => ''),
  headerRule('with another delivery’s signature', (_value, _label, _signature, of) => wrong(of), {
    outcome: 'wrong signature',
    only: encoded,
  }),
  headerRule('whose signature came twice, joined with a comma', (value) => `${value},${value}`, {
    but: butTokens,
  }),
  headerRule('whose signature came twice, joined with comma and blank', (value) => `${value}, ${value}`, {
    but: butTokens,
  }),
  headerRule(
    'with a wrong signature before the right one',
    (value, _label, _signature, of) => `${wrong(of)},${value}`,
    {
      only: encoded,
      but: all(['pagerduty'], 'accepted', 'it lists its signatures just so'),
    },
  ),
  headerRule(
    'with a wrong signature after the right one',
    (value, _label, _signature, of) => `${value}, ${wrong(of)}`,
    {
      only: encoded,
    },
  ),
  headerRule('with a blank before its signature', (value) => ` ${value}`, { but: butKey }),
  headerRule('with a blank after its signature', (value) => `${value} `, { but: butTokens }),
  headerRule('with a line end after its signature', (value) => `${value}\n`, { but: butTokens }),
  headerRule('with a blank before the digits', (_, label, signature) => `${label} ${signature}`, {
    only: encoded,
  }),
  headerRule('with its signature in upper case', (_, label, signature) => label + signature.toUpperCase(), {
    only: written('hex'),
  }),
  headerRule('with its label in upper case', (_, label, signature) => label.toUpperCase() + signature, {
    only: labelled,
    but: butLists,
  }),
  headerRule(
    'with another label',
    (_, label, signature) => label.replace(/[a-z]+\d*(?=\W$)/, 'v9') + signature,
    {
      only: labelled,
      but: butLists,
    },
  ),
  headerRule('without its label', (_, _label, signature) => signature, {
    only: labelled,
    but: butLists,
  }),
  headerRule('with a label and nothing after it', (_, label) => label, { only: encoded }),
  headerRule('with a digit less', (_, label, signature) => label + signature.slice(0, -1), { only: encoded }),
  headerRule('with a byte less', (_, label, signature) => label + signature.slice(0, -2), {
    only: written('hex'),
  }),
  headerRule('with a byte more', (_, label, signature) => `${label}${signature}00`, { only: written('hex') }),
  headerRule(
    'with base64 instead of hex',
    (_, label, signature) => label + reencoded(signature, 'hex', 'base64'),
    { only: written('hex') },
  ),
  headerRule(
    'with hex instead of base64',
    (_, label, signature) => label + reencoded(signature, 'base64', 'hex'),
    { only: written('base64') },
  ),
  headerRule(
    'without the = at the end of base64',
    (_, label, signature) => label + signature.replace(/=+$/, ''),
    { only: written('base64').filter((title) => title !== 'sendgrid') },
  ),
  headerRule('with a = more', (_, label, signature) => `${label}${signature}=`, { only: written('base64') }),
  headerRule(
    'with bytes of the right length that are another’s',
    (_, label, signature) => label + (signature.startsWith('0') ? '1' : '0') + signature.slice(1),
    { outcome: 'wrong signature', only: written('hex') },
  ),
  headerRule('with another token', (value) => `${value}x`, {
    outcome: 'wrong signature',
    only: ['api-key', 'bearer'],
  }),
]);

it('is known of every sender', () => {
  const elsewhere = senderCases.map(({ title }) => title).filter((title) => !signed.includes(title));
  expect(elsewhere).toEqual(['aws-sns 1', 'aws-sns 2']);
});
