import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { secretFault } from '../../cli/secrets/secret-fault.ts';
import { senders } from '../../functions/hooks/senders.ts';

const ed25519 = generateKeyPairSync('ed25519')
  .publicKey.export({ format: 'der', type: 'spki' })
  .subarray(-32);
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;
const spki = ec.export({ format: 'der', type: 'spki' }).toString('base64');
const faultOf = (sender: string, text: string) => secretFault(senders[sender]!.scheme, text);

describe('a secret', () => {
  it.each([
    ['github', "It's a Secret to Everybody"],
    ['stripe', 'whsec_not+base64 at all'],
    ['standard-webhooks', `whsec_${Buffer.alloc(24, 1).toString('base64')}`],
    ['standard-webhooks', `whpk_${ed25519.toString('base64')}`],
    ['discord', ed25519.toString('hex')],
    ['sendgrid', spki],
    ['basic', 'user:pass:word'],
    ['bearer', 'abc~-._+/='],
    ['api-key', 'key with a blank'],
    ['aws-sns', 'arn:aws:sns:us-east-1:123456789012:topic'],
  ])('of %s may be %s', (sender, text) => {
    expect(faultOf(sender, text)).toBeUndefined();
  });

  it.each(Object.keys(senders))('of %s is never empty, padded, broken in lines, or a list', (sender) => {
    for (const text of ['', ' ', ' a', 'a ', 'a\n', 'a\nb', 'a\r\nb', '["a","b"]']) {
      expect(faultOf(sender, text)).toMatch(
        /^(The secret (is empty|has)|That is a list).*\. It must be [^.]/,
      );
    }
  });

  it.each([
    ['standard-webhooks', 'whsec_***', 'whsec_ and then base64'],
    ['standard-webhooks', 'whpk_AAAA', "whpk_ and then the sender's public key (Ed25519) in base64"],
    ['discord', ed25519.toString('base64'), 'in hex digits'],
    ['discord', 'abc', 'in hex digits'],
    ['sendgrid', ed25519.toString('base64'), 'P-256'],
    ['sendgrid', 'abc', 'P-256'],
    ['basic', 'sesame', 'user:password'],
    ['basic', ':sesame', 'user:password'],
    ['bearer', 'Bearer abc', 'without the word Bearer'],
    ['api-key', 'schlüssel', 'visible ASCII characters'],
    ['aws-sns', 'my-topic', 'arn:aws:sns:<region>'],
  ])('of %s is not %s, and what it must be is told', (sender, text, rule) => {
    const fault = faultOf(sender, text);
    expect(fault).toContain('That cannot be a secret of this sender. It must be');
    expect(fault).toContain(rule);
    expect(fault).not.toContain(text);
  });
});
