import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { keyOf, keysOf } from '../../../functions/hooks/keys.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { judged } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';
import { p256Secret } from './test-keys.ts';

const schemeOf = (sender: string) => senders[sender]!.scheme;
const good = Buffer.alloc(32, 7).toString('base64');
const spki = (...[type, options]: [type: 'rsa' | 'ed25519' | 'x25519' | 'ec' | 'dsa', options?: object]) =>
  (generateKeyPairSync as (type: string, options?: object) => { publicKey: { export(as: object): Buffer } })(
    type,
    options,
  )
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64');

describe('a secret', () => {
  it.each(senderCases)('is a key when it is one, and none when it is empty: $title', ({ scheme, secret }) => {
    expect(keyOf(scheme, secret(0))).toBeDefined();
    expect(keyOf(scheme, '')).toBeUndefined();
  });

  it.each([
    ['standard-webhooks', 'whsec_'],
    ['standard-webhooks', 'whpk_'],
    ['standard-webhooks', 'whsec_!!!'],
    ['standard-webhooks', `whsec_ ${good}`],
    ['standard-webhooks', `whsec_${good}\n`],
    ['standard-webhooks', `whsec_${Buffer.alloc(33, 0xfb).toString('base64url')}`],
    ['standard-webhooks', `whsk_${good}`],
    ['standard-webhooks', `whpk_${good.slice(4)}`],
    ['standard-webhooks', `whpk_${good}AAAA`],
    ['discord', 'x'],
    ['discord', 'abc'],
    ['discord', '0'.repeat(62)],
    ['discord', '0'.repeat(66)],
    ['discord', `${'0'.repeat(64)}\n`],
    ['discord', `0x${'0'.repeat(64)}`],
    ['discord', good],
    ['sendgrid', 'x'],
    ['sendgrid', good],
    ['sendgrid', `-----BEGIN PUBLIC KEY-----\n${p256Secret(0).told}\n-----END PUBLIC KEY-----`],
    ['sendgrid', `${p256Secret(0).told}\n`],
    ['sendgrid', p256Secret(0).told.slice(0, -8)],
    ['sendgrid', spki('rsa', { modulusLength: 2048 })],
    ['sendgrid', spki('ec', { namedCurve: 'P-384' })],
    ['sendgrid', spki('ec', { namedCurve: 'secp256k1' })],
    ['sendgrid', spki('ed25519')],
    ['sendgrid', spki('x25519')],
    ['sendgrid', spki('dsa', { modulusLength: 1024 })],
    ['aws-sns', 'x'],
    ['aws-sns', 'arn:aws:sns:us-east-1:1:orders'],
    ['aws-sns', 'arn:aws:sns:us-east-1:123456789010:*'],
    ['aws-sns', 'arn:aws:sns:us-east-1:123456789010:orders\n'],
    ['aws-sns', 'arn:aws:sns:us-east-1.example.com/:123456789010:orders'],
    ['aws-sns', 'arn:aws:sqs:us-east-1:123456789010:orders'],
  ])('of %s is none when it is %j', (sender, secret) => {
    expect(keyOf(schemeOf(sender), secret)).toBeUndefined();
  });

  it.each([
    ['standard-webhooks', `whsec_${good.replace(/=+$/, '')}`],
    ['discord', 'AB'.repeat(32)],
    ['aws-sns', 'arn:aws-cn:sns:cn-north-1:123456789010:orders.fifo'],
  ])('of %s is a key when it is %j', (sender, secret) => {
    expect(keyOf(schemeOf(sender), secret)).toBeDefined();
  });

  it('that is a text counts to the letter: nothing is trimmed or decoded', async () => {
    const github = senderCases.find(({ title }) => title === 'github')!;
    const own = github.secret(0);
    for (const wrong of [
      ` ${own}`,
      `${own} `,
      `${own}\n`,
      own.toUpperCase(),
      Buffer.from(own).toString('base64'),
    ]) {
      expect(await judged(github, github.sign(), { secrets: [wrong] })).toBe('wrong signature');
    }
  });

  it('that can be no key stops no other', () => {
    const scheme = schemeOf('discord');
    const keys = keysOf(scheme, ['', 'x', '5'.repeat(64), '\u0000', 'é'.repeat(64)]);
    expect(keys).toHaveLength(1);
  });
});
