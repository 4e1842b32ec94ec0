import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { judged } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

/** What is signed, in its order and with what is between: headers by their names. The method is ours to know: nobody can move it. */
const templates: Readonly<Record<string, { parts: readonly string[]; between: string }>> = {
  calendly: { parts: ['t', 'body'], between: '.' },
  discord: { parts: ['x-signature-timestamp', 'body'], between: '' },
  hubspot: { parts: ['url', 'body', 'x-hubspot-request-timestamp'], between: '' },
  'hubspot-v2': { parts: ['url', 'body'], between: '' },
  sendgrid: { parts: ['x-twilio-email-event-webhook-timestamp', 'body'], between: '' },
  slack: { parts: ['x-slack-request-timestamp', 'body'], between: ':' },
  square: { parts: ['url', 'body'], between: '' },
  'standard-webhooks': { parts: ['webhook-id', 'webhook-timestamp', 'body'], between: '.' },
  'standard-webhooks asymmetric': { parts: ['webhook-id', 'webhook-timestamp', 'body'], between: '.' },
  'standard-webhooks of svix': { parts: ['svix-id', 'svix-timestamp', 'body'], between: '.' },
  stripe: { parts: ['t', 'body'], between: '.' },
  zendesk: { parts: ['x-zendesk-webhook-signature-timestamp', 'body'], between: '' },
};
const timedLists: Readonly<Record<string, string>> = {
  calendly: 'calendly-webhook-signature',
  stripe: 'stripe-signature',
};

function read(title: string, delivery: RawDelivery, part: string): string {
  if (part === 'body') return delivery.body.toString();
  if (part === 'url') return delivery.url;
  if (part === 't') return delivery.headers[timedLists[title]!]!.slice(2).split(',')[0]!;
  return delivery.headers[part]!;
}

function write(title: string, delivery: RawDelivery, part: string, text: string): RawDelivery {
  if (part === 'body') return { ...delivery, body: Buffer.from(text) };
  if (part === 'url') return { ...delivery, url: text };
  const name = part === 't' ? timedLists[title]! : part;
  const value = part === 't' ? delivery.headers[name]!.replace(/^t=\d+/, () => `t=${text}`) : text;
  return { ...delivery, headers: { ...delivery.headers, [name]: value } };
}

/** Every place where `between` stands, from which `count` are chosen, each once and in order; undefined when they are too few. */
function placesIn(content: string, between: string, near: readonly number[], steps: readonly number[]) {
  const all = Array.from({ length: content.length + 1 }, (_, at) => at).filter((at) =>
    content.startsWith(between, at),
  );
  const moved = near.map((at, index) => all[all.indexOf(at) + steps[index]!]);
  const isOrdered = moved.every((at, index) => at !== undefined && (index === 0 || at > moved[index - 1]!));
  return isOrdered ? (moved as number[]) : undefined;
}

const anObject = fc.oneof(
  fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    .map((value) => JSON.stringify(value)),
  fc.constantFrom('{"a":1.5}', '{}', '[1800014400.5]', '{"1800014400":":."}', '[{"a":"."}]'),
);
const aTitle = fc.constantFrom(...Object.keys(templates));
const anId = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);
const someSteps = fc.array(fc.integer({ min: -14, max: 14 }), { minLength: 3, maxLength: 3 });

describe('what was signed', () => {
  it(
    'and is taken apart in other places, is never accepted with a JSON body',
    async () => {
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(aTitle, anObject, anId, someSteps, async (title, says, id, steps) => {
          const { parts, between } = templates[title]!;
          const of = senderCases.find((each) => each.title === title)!;
          const signed = of.sign({ body: Buffer.from(says), id });
          expect(await judged(of, signed)).toBeInstanceOf(VerifiedDelivery);
          const texts = parts.map((part) => read(title, signed, part));
          const content = texts.join(between);
          const near = texts.slice(1).map((_, index) => texts.slice(0, index + 1).join(between).length);
          const cuts = placesIn(content, between, near, steps);
          if (!cuts || cuts.every((at, index) => at === near[index])) return;
          const ends = [...cuts, content.length];
          const starts = [0, ...cuts.map((at) => at + between.length)];
          const delivery = parts.reduce(
            (whole, part, index) => write(title, whole, part, content.slice(starts[index], ends[index])),
            signed,
          );
          const result = await judged(of, delivery);
          if (result instanceof VerifiedDelivery) expect(isStructure(result.body)).toBe(false);
          else refused++;
        }),
        shareOfRuns(2),
      );
      expect(refused).toBeGreaterThan(shareOfRuns(0.2).numRuns);
    },
    patience,
  );

  it('can be taken apart elsewhere only where a body is no object: the id takes up the time, the body another time', async () => {
    const of = senderCases.find(({ title }) => title === 'standard-webhooks')!;
    const signed = of.sign({ body: Buffer.from('1800014401.5') });
    const headers = {
      ...signed.headers,
      'webhook-id': `${signed.headers['webhook-id']}.${signed.headers['webhook-timestamp']}`,
      'webhook-timestamp': '1800014401',
    };
    expect(await judged(of, { ...signed, headers, body: Buffer.from('5') })).toBeInstanceOf(VerifiedDelivery);
  });
});

function isStructure(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
