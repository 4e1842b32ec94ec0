import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keyOf, keysOf } from '../../../functions/hooks/keys.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { standardWebhooks } from '../../../functions/hooks/senders/standard-webhooks.ts';
import { signDelivery } from '../../../functions/hooks/sign.ts';

const { scheme } = standardWebhooks;
const now = 1614265330_000;
const body = '{"test": 2432232314}';
const delivery = { headers: {}, body: Buffer.from(body), method: 'POST', url: 'https://hooks.example.com/' };
const base64 = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const judge = (secrets: readonly string[], signature: string) =>
  verify(
    scheme,
    {
      ...delivery,
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(now / 1000),
        'webhook-signature': signature,
      },
    },
    keysOf(scheme, secrets),
    { now, fetchText: () => Promise.reject(new Error('Nothing is to be fetched')) },
  );

/** https://www.rfc-editor.org/rfc/rfc8032#section-7.1, TEST 1: the seed in PKCS #8. */
const privateKey = createPrivateKey({
  key: Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ),
  format: 'der',
  type: 'pkcs8',
});
const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
const publicText = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;

describe('a secret of Standard Webhooks', () => {
  const symmetric = new Webhook(base64).sign('msg_1', new Date(now), body);
  const asymmetric = signDelivery(scheme, privateKey, delivery, { now, id: 'msg_1' }).headers[
    'webhook-signature'
  ]!;

  it('is the same key with whsec_ before it and without, as in the vendors’ own library', async () => {
    for (const secret of [base64, `whsec_${base64}`]) {
      expect(await judge([secret], symmetric)).toBeInstanceOf(VerifiedDelivery);
      expect(await judge([secret], symmetric.replace('v1,', 'v1a,'))).toBe('malformed signature');
    }
  });

  it('is a public key when whpk_ is before it', async () => {
    expect(asymmetric).toMatch(/^v1a,/);
    expect(await judge([publicText], asymmetric)).toBeInstanceOf(VerifiedDelivery);
    expect(await judge([publicText], symmetric)).toBe('wrong signature');
    expect(await judge([base64], asymmetric)).toBe('wrong signature');
  });

  it('may be one of several of both kinds, and so may a signature', async () => {
    const all = `${symmetric} ${asymmetric} v2,unknown`;
    expect(await judge([publicText, base64], all)).toMatchObject({ secretIndex: 0 });
    expect(await judge(['AAAA', `whsec_${base64}`], all)).toMatchObject({ secretIndex: 1 });
  });

  it.each([
    '',
    'whsec_',
    'whpk_',
    'whpk_AAAA',
    'whsk_AAAA',
    'not base64!',
    `${base64} `,
    `whsec_whsec_${base64}`,
  ])('is none when its text is not one: "%s"', (secret) => {
    expect(keyOf(scheme, secret)).toBeUndefined();
  });

  it('takes no public key whose prefix got lost: as an HMAC key everybody would know it', () => {
    expect(keyOf(scheme, publicText.replace('whpk_', ''))).toBeUndefined();
    expect(keyOf(scheme, publicText)).toBeDefined();
    expect(keyOf(scheme, `whsec_${publicText.replace('whpk_', '')}`)).toBeDefined();
  });
});
