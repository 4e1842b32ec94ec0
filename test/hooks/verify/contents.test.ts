import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { rawBody } from '../../../functions/lambda/json-body.ts';
import { all, testRules, type Rule } from './rule.ts';
import { judged, text } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

const tokens = ['api-key', 'basic', 'bearer'];
const topics = ['aws-sns 1', 'aws-sns 2'];
const butTokens = all(tokens, 'accepted', 'a token says who sends, not what');
const butHash = all(['twilio json'], 'body not covered by the signature', 'the URL has the body’s hash');
const butFields = (outcome: 'accepted' | 'malformed message') =>
  all(topics, outcome, 'the fields are signed, not the bytes');
const withUrl = [
  'generic-hmac of everything',
  'hubspot',
  'hubspot-v2',
  'square',
  'twilio form',
  'twilio json',
];

/** A rule for deliveries that were signed, and then got another body. */
const bodyRule = (title: string, change: (body: Buffer) => Buffer, but?: Rule['but']): Rule => ({
  title,
  outcome: 'wrong signature',
  but: { ...butTokens, ...butHash, ...but },
  alter(of) {
    const delivery = of.sign();
    return { delivery: { ...delivery, body: change(delivery.body) } };
  },
});
const replaced = (from: string, to: string) => (body: Buffer) => {
  expect(body.includes(from)).toBe(true);
  return Buffer.from(body.toString().replace(from, to));
};
const with_ = (change: Partial<RawDelivery>) => (delivery: RawDelivery) => ({ ...delivery, ...change });

testRules([
  bodyRule('with another letter in its body', replaced('dispute', 'disputE')),
  bodyRule('with a letter less in its body', replaced('dispute', 'disput')),
  bodyRule('with a letter more in its body', replaced('dispute', 'disputes')),
  bodyRule(
    'with a line end after its body',
    (body) => Buffer.concat([body, Buffer.from('\n')]),
    butFields('accepted'),
  ),
  bodyRule(
    'with a blank before its body',
    (body) => Buffer.concat([Buffer.from(' '), body]),
    butFields('accepted'),
  ),
  bodyRule(
    'with a byte order mark before its body',
    (body) => Buffer.concat([Buffer.from('\ufeff'), body]),
    butFields('malformed message'),
  ),
  bodyRule('with its body twice', (body) => Buffer.concat([body, body]), butFields('malformed message')),
  bodyRule('without its body', () => Buffer.alloc(0), butFields('malformed message')),
  bodyRule(
    'with its body still in base64',
    (body) => Buffer.from(body.toString('base64')),
    butFields('malformed message'),
  ),
  {
    title: 'to another URL',
    outcome: 'wrong signature',
    only: withUrl,
    alter: (of) => {
      const delivery = of.sign();
      return { delivery: with_({ url: delivery.url.replace('source', 'other') })(delivery) };
    },
  },
  {
    title: 'to a URL with another query',
    outcome: 'wrong signature',
    only: withUrl,
    alter: (of) => {
      const delivery = of.sign();
      return { delivery: with_({ url: delivery.url.replace('a=1', 'a=2') })(delivery) };
    },
  },
  {
    title: 'by another method',
    outcome: 'wrong signature',
    only: ['generic-hmac of everything', 'hubspot', 'hubspot-v2'],
    alter: (of) => ({ delivery: with_({ method: 'GET' })(of.sign()) }),
  },
  {
    title: 'signed with another secret',
    outcome: 'wrong signature',
    but: all(topics, 'other topic', 'its topic is what is told'),
    alter: (of) => ({ delivery: of.sign({}, 0), secrets: [of.secret(1), of.secret(2)] }),
  },
  {
    title: 'of a source without a secret',
    outcome: 'no usable secret',
    alter: (of) => ({ delivery: of.sign(), secrets: [] }),
  },
  {
    title: 'of a source whose secrets are empty',
    outcome: 'no usable secret',
    alter: (of) => ({ delivery: of.sign(), secrets: ['', ''] }),
  },
]);

const texts = {
  'no text': '',
  ASCII: text,
  'other letters': 'Größe: 大 🦀 \u0000 \u2028',
  'a line end at the end': `${text}\r\n`,
  'white space': ' \t ',
  '100 kB': text.repeat(5000),
};
/** Of the others the bodies are forms or messages: they are made of texts. */
const anyBytes = senderCases.filter(({ title }) => !['twilio form', ...topics].includes(title));

describe.each(senderCases)('a delivery of $title as it was signed', (of) => {
  it.each(Object.entries(texts))('is accepted: %s', async (_, says) => {
    const body = of.body(says);
    const result = await judged(of, of.sign({ body }));
    expect(result).toBeInstanceOf(VerifiedDelivery);
    if (!topics.includes(of.title)) expect((result as VerifiedDelivery).body).toEqual(body);
  });

  it('is accepted as API Gateway hands it over, in base64 or as text', async () => {
    const delivery = of.sign({ body: of.body('Größe 🦀') });
    for (const encoding of ['base64', 'utf8'] as const) {
      const event = {
        body: delivery.body.toString(encoding),
        headers: {},
        isBase64Encoded: encoding === 'base64',
      };
      expect(await judged(of, { ...delivery, body: rawBody(event) })).toBeInstanceOf(VerifiedDelivery);
    }
  });

  it.each([0, 1, 2])('is accepted whichever of several secrets signed it, and tells which: %i', async (n) => {
    const secrets = [3, 4, 5].map((other) => of.secret(other)).with(n, of.secret(0));
    expect(await judged(of, of.sign(), { secrets })).toMatchObject({ secretIndex: n });
  });

  it('is accepted with the first of two equal secrets', async () => {
    const secrets = [of.secret(0), of.secret(0)];
    expect(await judged(of, of.sign(), { secrets })).toMatchObject({ secretIndex: 0 });
  });

  it('is accepted although another secret can be none', async () => {
    expect(await judged(of, of.sign(), { secrets: ['', of.secret(0)] })).toBeInstanceOf(VerifiedDelivery);
  });
});

describe.each(anyBytes)('a delivery of $title', (of) => {
  it('may be any bytes, and each of them counts', async () => {
    const body = Buffer.from([0xff, 0x00, 0xc0, 0x80, 0x0a, 0xef, 0xbb, 0xbf]);
    const delivery = of.sign({ body });
    expect(await judged(of, delivery)).toBeInstanceOf(VerifiedDelivery);
    if (tokens.includes(of.title)) return;
    for (const index of body.keys()) {
      const altered = Buffer.from(body);
      altered[index]! ^= 1;
      expect(typeof (await judged(of, { ...delivery, body: altered }))).toBe('string');
    }
  });
});

it('is proved for every sender', () => {
  expect(new Set(senderCases.map(({ sender }) => sender))).toEqual(new Set(Object.keys(senders)));
});
