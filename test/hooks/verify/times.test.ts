import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { all, testRules, type Rule } from './rule.ts';
import { judged, time, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

/** Seconds that a time may differ from now, by case, and the header where it stands, if it has one of its own. */
const tolerances: Readonly<Record<string, { seconds: number; header?: string; signed?: false }>> = {
  calendly: { seconds: 180 },
  discord: { seconds: 300, header: 'x-signature-timestamp' },
  'generic-hmac of everything': { seconds: 30, header: 'x-time' },
  hubspot: { seconds: 300, header: 'x-hubspot-request-timestamp' },
  linear: { seconds: 60 },
  sendgrid: { seconds: 300, header: 'x-twilio-email-event-webhook-timestamp' },
  slack: { seconds: 300, header: 'x-slack-request-timestamp' },
  'standard-webhooks': { seconds: 300, header: 'webhook-timestamp' },
  'standard-webhooks asymmetric': { seconds: 300, header: 'webhook-timestamp' },
  'standard-webhooks of svix': { seconds: 300, header: 'svix-timestamp' },
  stripe: { seconds: 300 },
  zendesk: { seconds: 300, header: 'x-zendesk-webhook-signature-timestamp' },
};
const timed = Object.keys(tolerances);
const untimed = {
  ...all(['api-key', 'basic', 'bearer'], 'accepted', 'a token has no time'),
  ...all(['aws-sns 1', 'aws-sns 2'], 'accepted', 'the time of publishing stays the same over retries'),
  ...all(
    [
      'github',
      'hubspot-v1',
      'hubspot-v2',
      'intercom',
      'kustomer',
      'pagerduty',
      'shopify',
      'shopify without x',
    ],
    'accepted',
    'it signs no time',
  ),
  ...all(['square', 'twilio form', 'twilio json', 'typeform'], 'accepted', 'it signs no time'),
  ...all(['generic-hmac'], 'accepted', 'it is told of no time'),
};
const inHeader = timed.filter((title) => tolerances[title]!.header);
const inSignature = ['calendly', 'stripe'];
const ids: Readonly<Record<string, string>> = {
  'generic-hmac of everything': 'x-event',
  'standard-webhooks': 'webhook-id',
  'standard-webhooks asymmetric': 'webhook-id',
  'standard-webhooks of svix': 'svix-id',
};

/** A rule for deliveries that arrive so many milliseconds after they were signed, beyond the tolerance. */
const arrivalRule = (
  title: string,
  outcome: Rule['outcome'],
  late: (tolerance: number) => number,
  rest?: Partial<Rule>,
): Rule => ({
  title,
  outcome,
  alter: (of) => ({ delivery: of.sign(), now: time + late((tolerances[of.title]?.seconds ?? 0) * 1000) }),
  ...rest,
});
/** A rule for deliveries in which one header was changed after they were signed. */
const headerRule = (
  title: string,
  headerOf: (of: SenderCase) => string,
  change: (value: string) => string | undefined,
  rest?: Partial<Rule>,
): Rule => ({
  title,
  outcome: 'wrong signature',
  only: inHeader,
  alter(of) {
    const delivery = of.sign();
    const name = headerOf(of);
    const value = change(delivery.headers[name]!);
    return { delivery: { ...delivery, headers: { ...delivery.headers, [name]: value } } };
  },
  ...rest,
});
const timeOf = ({ title }: SenderCase) => tolerances[title]!.header!;
const idOf = ({ title }: SenderCase) => ids[title]!;
const withIds = { only: Object.keys(ids) };
const later = (value: string) => value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));

/** A rule for deliveries that are signed over a time which is written in some way. */
const stampRule = (title: string, stamp: string, rest?: Partial<Rule>): Rule => ({
  title,
  outcome: 'malformed timestamp',
  only: [...inHeader, ...inSignature],
  alter: (of) => ({ delivery: of.sign({ stamp }) }),
  ...rest,
});
const butInList = { but: all(inSignature, 'malformed signature', 'its list has no white space') };

testRules([
  {
    title: 'whose time has no fraction of a second',
    outcome: 'accepted',
    only: ['zendesk', 'generic-hmac of everything'],
    alter: (of) => ({ delivery: of.sign({ stamp: '2027-01-15T12:00:00Z' }) }),
  },
  arrivalRule('that comes at once', 'accepted', () => 0),
  arrivalRule('exactly as old as it may be', 'accepted', (tolerance) => tolerance),
  arrivalRule('exactly as far in the future as it may be', 'accepted', (tolerance) => -tolerance),
  arrivalRule('that is a millisecond too old', 'too old', (tolerance) => tolerance + 1, { but: untimed }),
  arrivalRule('that is a millisecond too early', 'in the future', (tolerance) => -tolerance - 1, {
    but: untimed,
  }),
  arrivalRule('that is ten years old', 'too old', () => 10 * 365 * 86_400_000, { but: untimed }),
  arrivalRule('that is ten years too early', 'in the future', () => -10 * 365 * 86_400_000, { but: untimed }),
  {
    title: 'that is too old and has another body',
    outcome: 'wrong signature',
    only: timed,
    alter: (of) => {
      const delivery = of.sign();
      return { delivery: { ...delivery, body: Buffer.from('x') }, now: time + 86_400_000 };
    },
  },
  headerRule('without its time', timeOf, () => undefined, { outcome: 'no timestamp' }),
  headerRule('with nothing for its time', timeOf, () => ''),
  headerRule('with another time', timeOf, later),
  headerRule('whose time came twice, joined with a comma', timeOf, (value) => `${value},${value}`),
  headerRule('whose time came twice, joined with comma and blank', timeOf, (value) => `${value}, ${value}`),
  headerRule('with a line end after its time', timeOf, (value) => `${value}\n`),
  headerRule('with a zero before its time', timeOf, (value) => `0${value}`),
  headerRule('without its id', idOf, () => undefined, { ...withIds, outcome: 'no id' }),
  headerRule('with nothing for its id', idOf, () => '', withIds),
  headerRule('with another id', idOf, later, withIds),
  headerRule('whose id came twice', idOf, (value) => `${value},${value}`, withIds),
  headerRule('with a line end after its id', idOf, (value) => `${value}\n`, withIds),
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name): Rule => ({
    title: `with ${name} beside what is signed under other names`,
    outcome: name === 'webhook-signature' ? 'malformed signature' : 'no signature',
    only: ['standard-webhooks of svix'],
    alter(of) {
      const delivery = of.sign();
      return { delivery: { ...delivery, headers: { ...delivery.headers, [name]: 'v1,x' } } };
    },
  })),
  stampRule('whose time has a sign', `+${time / 1000}`),
  stampRule('whose time is negative', `-${time / 1000}`),
  stampRule('whose time has a fraction', `${time / 1000}.5`),
  stampRule('whose time has an exponent', '1.8e9'),
  stampRule('whose time is hex', `0x${(time / 1000).toString(16)}`),
  stampRule('whose time has other digits', '١٨٠٠٠٠٠٠٠٠'),
  stampRule('whose time has a blank in it', '1800 000000'),
  stampRule('whose time has a blank after it', `${time / 1000} `, butInList),
  stampRule('whose time has a line end after it', `${time / 1000}\n`, butInList),
  stampRule('whose time is no number', 'NaN'),
  stampRule('whose time is endless', 'Infinity'),
  stampRule('whose time is a date without a zone', '2027-01-15T12:00:00'),
  stampRule('whose time is a date in another zone', '2027-01-15T13:00:00+01:00'),
  stampRule('whose time is no day', '2027-13-32T12:00:00Z'),
  stampRule('whose time has more digits than any', '1'.repeat(400)),
]);

describe('the time in the list of a signature', () => {
  it.each(senderCases.filter(({ title }) => inSignature.includes(title)))(
    'is there once: $title',
    async (of) => {
      const delivery = of.sign();
      const [header, value] = Object.entries(delivery.headers)[0]!;
      const [stamp, signature] = value!.split(',');
      const judge = (changed: string) => judged(of, { ...delivery, headers: { [header]: changed } });
      expect(await judge(`${signature},${stamp}`)).toBeInstanceOf(VerifiedDelivery);
      expect(await judge(signature!)).toBe('no timestamp');
      expect(await judge(`t=,${signature}`)).toBe('wrong signature');
      expect(await judge(`T${stamp!.slice(1)},${signature}`)).toBe('no timestamp');
      for (const other of ['t=1', 't=', 't']) {
        const twice = [`${stamp},${signature},${other}`, `${other},${stamp},${signature}`];
        const expected = other === 't' ? expect.any(VerifiedDelivery) : 'malformed timestamp';
        for (const changed of twice) expect(await judge(changed)).toEqual(expected);
      }
      expect(await judge(`${stamp},${stamp},${signature}`)).toBe('malformed signature');
      expect(await judge(`${stamp},${signature}, t=1`)).toBe('malformed signature');
    },
  );
});

describe('the time in a body', () => {
  const linear = senderCases.find(({ title }) => title === 'linear')!;
  const saying = (body: string): RawDelivery => linear.sign({ body: Buffer.from(body) });

  it.each(['"1800014400000"', 'null', 'true', '[1800014400000]', '1e400'])(
    'must be a number: %s',
    async (value) => {
      expect(await judged(linear, saying(`{"webhookTimestamp":${value}}`))).toBe('malformed timestamp');
    },
  );

  it.each(['', '[]', '{}', 'null', '5', '{"data":{"webhookTimestamp":1}}', '{', '[['.repeat(100_000)])(
    'is not asked for where there is none: %#',
    async (body) => {
      expect(await judged(linear, saying(body))).toBeInstanceOf(VerifiedDelivery);
    },
  );

  it('counts where it is given twice as the body is read: the last', async () => {
    const twice = (first: number, last: number) =>
      saying(`{"webhookTimestamp":${first},"webhookTimestamp":${last}}`);
    expect(await judged(linear, twice(1, time))).toBeInstanceOf(VerifiedDelivery);
    expect(await judged(linear, twice(time, 1))).toBe('too old');
  });
});
