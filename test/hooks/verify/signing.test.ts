import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import type { Scheme } from '../../../functions/hooks/scheme.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { signDelivery } from '../../../functions/hooks/sign.ts';
import { judged, time, usual, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';
import { ed25519Secret } from './test-keys.ts';

const byAws = ['aws-sns 1', 'aws-sns 2'];
const cases = senderCases.filter(({ title }) => !byAws.includes(title));
const { url, method, id } = usual;

/** What a case signs, before it is signed. */
function unsigned({ title, body }: SenderCase, says: string): RawDelivery {
  const isForm = title === 'twilio form';
  const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  return { headers: { 'content-type': contentType }, url, method, body: body(says) };
}

/** Of several families of headers the first is signed with: the case's own. */
function ownFamily({ scheme, sign }: SenderCase): Scheme {
  if (scheme.kind !== 'signature') return scheme;
  const { headers } = sign();
  return { ...scheme, headers: scheme.headers.filter(({ signature }) => headers[signature] !== undefined) };
}

describe('what we sign for trying things out', () => {
  it.each(cases.filter(({ title }) => title !== 'sendgrid'))('is what the sender signs: $title', (of) => {
    for (const says of ['', 'A dispute was opened', 'Größe: 🦀\r\n']) {
      const delivery = unsigned(of, says);
      const ours = signDelivery(ownFamily(of), of.signingSecret(1), delivery, { now: time, id });
      const theirs = of.sign({ body: delivery.body }, 1);
      // A body of no bytes needs no hash in the URL.
      if (of.title === 'twilio json' && says === '') continue;
      expect(ours.url).toBe(theirs.url);
      expect(ours.body).toBe(delivery.body);
      expect(ours.headers).toEqual({ ...delivery.headers, ...theirs.headers });
    }
  });

  it.each(cases)('is accepted, and not with another secret: $title', async (of) => {
    const signed = signDelivery(of.scheme, of.signingSecret(0), unsigned(of, 'x'), { now: time, id });
    expect(await judged(of, signed)).toBeInstanceOf(VerifiedDelivery);
    expect(await judged(of, signed, { secrets: [of.secret(1)] })).toBe('wrong signature');
  });

  it.each(cases.filter(({ title }) => title.startsWith('twilio')))(
    'is accepted without a body: $title',
    async (of) => {
      const delivery = { ...unsigned(of, ''), body: Buffer.alloc(0) };
      const signed = signDelivery(of.scheme, of.signingSecret(0), delivery, { now: time });
      expect(await judged(of, signed)).toBeInstanceOf(VerifiedDelivery);
    },
  );

  it('takes a form for a form however its content type is written', async () => {
    const of = cases.find(({ title }) => title === 'twilio form')!;
    const headers = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' };
    const signed = signDelivery(
      of.scheme,
      of.signingSecret(0),
      { ...unsigned(of, 'x'), headers },
      { now: time },
    );
    expect(signed.url).toBe(url);
    expect(await judged(of, signed)).toBeInstanceOf(VerifiedDelivery);
  });

  it.each([
    ['a message of a topic', 'aws-sns', 'x', 'Only AWS SNS can sign its messages.'],
    ['an empty token', 'bearer', '', 'The secret must be a text.'],
    ['an empty secret', 'github', '', 'The secret is not one that this sender signs with.'],
    [
      'a public key',
      'discord',
      ed25519Secret((raw) => raw.toString('hex'))(0).told,
      'The secret is not one that this sender signs with.',
    ],
    ['a key of no text', 'github', ed25519Secret(String)(0).key, 'The secret must be a text.'],
    ['a key for a token', 'bearer', ed25519Secret(String)(0).key, 'The secret must be a text.'],
  ])('is not made with %s', (_, sender, secret, message) => {
    const delivery = { headers: {}, url, method, body: Buffer.from('x') };
    const sign = () => signDelivery(senders[sender]!.scheme, secret, delivery, { now: time, id });
    expect(sign).toThrow(message);
  });

  it('is not made without the id that is signed', () => {
    const delivery = { headers: {}, url, method, body: Buffer.from('x') };
    const { scheme } = senders['standard-webhooks']!;
    expect(() =>
      signDelivery(scheme, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', delivery, { now: time }),
    ).toThrow('The delivery cannot be signed: no id.');
  });
});
