import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf, type Key } from '../../../functions/hooks/keys.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { judged, time, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

const topics = ['aws-sns 1', 'aws-sns 2'];
/** A topic's ARN is no secret: how many were looked at may be told by time. */
const secretive = senderCases.filter(({ title }) => !topics.includes(title));
const caseOf = (title: string) => senderCases.find((of) => of.title === title)!;
const fetchText = () => Promise.reject(new Error('was asked for'));
/** One of those whose header is read in the same way. */
const writtenDifferently = [
  'api-key',
  'basic',
  'discord',
  'generic-hmac of everything',
  'github',
  'pagerduty',
  'sendgrid',
  'standard-webhooks',
  'stripe',
  'twilio form',
].map(caseOf);
/** Milliseconds: quadratic time would be minutes. */
const patience = 30_000;
const megabytes = 4 * 1024 * 1024;

/** Keys that count how often each is used. */
function counted(keys: readonly Key[]): { keys: Key[]; uses: number[] } {
  const uses = keys.map(() => 0);
  const counting = keys.map((key, index) => {
    const secret = key.kind === 'token' ? 'digest' : 'key';
    return new Proxy(key, {
      get(target, name) {
        if (name === secret) uses[index]!++;
        return Reflect.get(target, name) as unknown;
      },
    });
  });
  return { keys: counting, uses };
}

function withSignature(of: SenderCase, change: (value: string) => string): RawDelivery {
  const delivery = of.sign();
  const { scheme } = of;
  if (scheme.kind === 'topic') return delivery;
  const names = scheme.kind === 'token' ? [scheme.header] : scheme.headers.map(({ signature }) => signature);
  const name = names.find((each) => delivery.headers[each] !== undefined)!;
  return { ...delivery, headers: { ...delivery.headers, [name]: change(delivery.headers[name]!) } };
}

describe('every live secret', () => {
  it.each(secretive)('is tried, whichever signed and if none did: $title', (of) => {
    const signed = of.sign();
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const { keys, uses } = counted(
        keysOf(
          of.scheme,
          order.map((n) => of.secret(n)),
        ),
      );
      expect(verify(of.scheme, signed, keys, { now: time, fetchText })).toBeInstanceOf(VerifiedDelivery);
      expect(uses).toEqual([1, 1, 1]);
    }
  });

  it.each(secretive)('is tried as often when none signed: $title', (of) => {
    const { keys, uses } = counted(
      keysOf(
        of.scheme,
        [1, 2, 3].map((n) => of.secret(n)),
      ),
    );
    expect(verify(of.scheme, of.sign(), keys, { now: time, fetchText })).toBe('wrong signature');
    // What signs the URL is tried in both of its forms.
    const times = [
      'generic-hmac of everything',
      'hubspot',
      'hubspot-v2',
      'square',
      'twilio form',
      'twilio json',
    ].includes(of.title)
      ? 2
      : 1;
    expect(uses).toEqual([times, times, times]);
  });
});

describe('a list of signatures', () => {
  const lists = {
    calendly: ',',
    pagerduty: ',',
    stripe: ',',
    'standard-webhooks': ' ',
    'standard-webhooks asymmetric': ' ',
    'generic-hmac of everything': ' ',
  };

  it.each(Object.entries(lists))(
    'may have some that are wrong or unknown, and not many: %s',
    async (title, separator) => {
      const of = caseOf(title);
      const others = (count: number) => Array.from({ length: count }, (_, index) => `v7=${index}`);
      const among = (count: number) =>
        withSignature(of, (value) => [...others(count), value].join(separator));
      for (const count of [1, 5, 18]) expect(await judged(of, among(count))).toBeInstanceOf(VerifiedDelivery);
      for (const count of [20, 1000]) expect(await judged(of, among(count))).toBe('malformed signature');
    },
  );

  it.each(Object.entries(lists))('has no entry that is empty: %s', async (title, separator) => {
    const of = caseOf(title);
    for (const change of [(value: string) => value + separator, (value: string) => separator + value]) {
      expect(await judged(of, withSignature(of, change))).toBe('malformed signature');
    }
  });
});

describe('a delivery of 4 MB', () => {
  it.each(senderCases)(
    'is judged at once, signed or not: $title',
    async (of) => {
      const body = of.body('x'.repeat(megabytes));
      expect(await judged(of, of.sign({ body }))).toBeInstanceOf(VerifiedDelivery);
      expect(typeof (await judged(of, of.sign({ body }), { secrets: [of.secret(1)] }))).toBe('string');
    },
    patience,
  );

  it.each([',', ' ', '=', 't=', 'v1=,', 'v1=a,', 'v1, ', 't=1,', 'a', 'Basic ', 'A=', '\n', '%', '\u0000'])(
    'in the header of its signature is refused at once: %j over and over',
    async (piece) => {
      const value = piece.repeat(megabytes / piece.length);
      const changes = [() => value, (signature: string) => signature + value];
      for (const of of writtenDifferently) {
        for (const change of changes) {
          expect(typeof (await judged(of, withSignature(of, change)))).toBe('string');
        }
      }
    },
    patience,
  );

  it.each([
    ['names', (index: number) => `a${index}`],
    ['values', (index: number) => `a=${index}`],
    ['the same', () => 'a=1'],
    ['nothing', () => ''],
    ['escapes', () => '%'],
  ])(
    'that is a form of many %s is refused at once',
    async (_, field) => {
      const of = caseOf('twilio form');
      const fields = Array.from({ length: 600_000 }, (_each, index) => field(index));
      const body = Buffer.from(fields.join('&'));
      expect(await judged(of, { ...of.sign(), body })).toBe('malformed message');
      const some = Buffer.from(fields.slice(0, 1000).join('&'));
      expect(await judged(of, of.sign({ body: some }))).toBeInstanceOf(VerifiedDelivery);
    },
    patience,
  );

  it.each(['x', '%', '%4', '%41', '%ff', '+', '=', '\u00ff'])(
    'that is a form with one long field of %j is refused at once',
    async (piece) => {
      const of = caseOf('twilio form');
      const body = Buffer.from('a&'.repeat(999) + piece.repeat(megabytes / piece.length - 999));
      expect(await judged(of, { ...of.sign(), body })).toBe('wrong signature');
    },
    patience,
  );

  it.each(['[', '{"a":', '"', '{"Type":"Notification"},', ' ', '\\'])(
    'that is JSON of %j over and over is refused at once',
    async (piece) => {
      const body = Buffer.from(piece.repeat(megabytes / piece.length));
      for (const title of [...topics, 'linear']) {
        const of = caseOf(title);
        expect(typeof (await judged(of, { ...of.sign(), body }))).toBe('string');
      }
    },
    patience,
  );
});
