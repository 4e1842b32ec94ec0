import { describe, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { createHmac } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from '../../functions/hooks/delivery.ts';
import { verify, type HmacScheme } from '../../functions/hooks/schemes.ts';
import { signatureVectors } from './signature-vectors.ts';

const header = 'x-hub-signature-256';
const scheme: HmacScheme = { hash: 'sha256', header, label: 'sha256=', encoding: 'hex' };
const secret = "It's a Secret to Everybody";
const body = 'Hello, World!';
const hex = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const good = `sha256=${hex}`;
const delivery = (signature: string | undefined, of: string | Buffer = body): RawDelivery => ({
  headers: { [header]: signature },
  body: Buffer.from(of),
});

describe('a signature', () => {
  it.each(Object.entries(signatureVectors))(
    'of a published vector is judged as published: %s',
    (_, vector) => {
      const result = verify({ ...scheme, label: vector.label }, delivery(vector.signature, vector.body), [
        vector.secret,
      ]);
      expect(result instanceof VerifiedDelivery).toBe(vector.valid);
    },
  );

  it.each(['x', body, '{"a":"é🦀"}', ' \r\n', '\0', 'x'.repeat(100_000)])(
    'that GitHub’s own library makes is good: %#',
    async (text) => {
      const signature = await sign(secret, text);
      const verified = verify(scheme, delivery(signature, text), [secret]);
      expect(verified).toBeInstanceOf(VerifiedDelivery);
      expect((verified as VerifiedDelivery).body.toString()).toBe(text);
    },
  );

  it('covers the bytes as they were sent, also none and ones that are not text', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0xff, 0x00, 0xc0, 0x80])]) {
      const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
      expect(verify(scheme, delivery(signature, bytes), [secret])).toBeInstanceOf(VerifiedDelivery);
      expect(verify(scheme, delivery(signature, 'x'), [secret])).toBe('wrong signature');
    }
  });

  it.each([
    ['another byte', 'Hello, World?'],
    ['a line end more', 'Hello, World!\n'],
    ['a byte order mark more', '\ufeffHello, World!'],
    ['a byte less', 'Hello, World'],
    ['nothing in it', ''],
  ])('does not hold for a body with %s', (_, altered) => {
    expect(verify(scheme, delivery(good, altered), [secret])).toBe('wrong signature');
  });

  it('does not hold when any one of its digits is another', () => {
    for (let index = 0; index < hex.length; index++) {
      const digit = hex[index] === '0' ? '1' : '0';
      const altered = `sha256=${hex.slice(0, index)}${digit}${hex.slice(index + 1)}`;
      expect(verify(scheme, delivery(altered), [secret])).toBe('wrong signature');
    }
  });

  it.each([
    ['upper-case digits', `sha256=${hex.toUpperCase()}`],
    ['an upper-case label', `SHA256=${hex}`],
    ['another label', `sha1=${hex}`],
    ['no label', hex],
    ['a label alone', 'sha256='],
    ['nothing in it', ''],
    ['a digit less', good.slice(0, -1)],
    ['a byte less', good.slice(0, -2)],
    ['a digit more', `${good}0`],
    ['a byte more', `${good}00`],
    ['a blank before', ` ${good}`],
    ['a blank after', `${good} `],
    ['a line end after', `${good}\n`],
    ['letters that are not hex', `sha256=${'g'.repeat(64)}`],
    ['itself twice, joined with a comma', `${good},${good}`],
    ['a wrong one before it, joined with a comma', `sha256=${'0'.repeat(64)}, ${good}`],
    ['base64', `sha256=${Buffer.from(hex, 'hex').toString('base64')}`],
  ])('is malformed with %s', (_, signature) => {
    expect(verify(scheme, delivery(signature), [secret])).toBe('malformed signature');
  });

  it('must be there, in its own header', () => {
    expect(verify(scheme, delivery(undefined), [secret])).toBe('no signature');
    const elsewhere = { headers: { 'x-hub-signature': good }, body: Buffer.from(body) };
    expect(verify(scheme, elsewhere, [secret])).toBe('no signature');
  });
});

describe('the secrets of a source', () => {
  it('are tried each: any may have signed, and it is told which', () => {
    for (const [index, secrets] of [
      [secret, 'b'],
      ['a', secret],
      ['a', 'b', secret],
    ].entries()) {
      expect(verify(scheme, delivery(good), secrets)).toMatchObject({ secretIndex: index });
    }
    expect(verify(scheme, delivery(good), [secret, secret])).toMatchObject({ secretIndex: 0 });
  });

  it('must hold the one that signed, to the letter', () => {
    for (const wrong of ['a', secret.toLowerCase(), `${secret} `, `${secret}\n`, '']) {
      expect(verify(scheme, delivery(good), [wrong])).toBe('wrong signature');
    }
  });

  it('must be there: without any, nothing is good, not even what an empty secret signs', () => {
    const unsigned = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
    expect(verify(scheme, delivery(good), [])).toBe('no secret');
    expect(verify(scheme, delivery(unsigned), [])).toBe('no secret');
  });
});
