import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { headersPath, readSample, samplePath } from '../../../cli/hooks/read-sample.ts';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { mapDelivery } from '../../../functions/hooks/map-delivery.ts';
import type { AnySource } from '../../../functions/hooks/source.ts';
import { sources } from '../../../functions/hooks/sources.ts';
import { author } from '../../conversations/asked.ts';
import { mapSample } from '../map-sample.ts';
import { put } from './put.ts';
import { sampleEvent, samplePayload } from './sample-event.ts';

const root = join(import.meta.dirname, '../../..');
const samples = join(root, 'docs/samples');
const all = Object.entries(sources);

/** The conversation that a source makes of its sample under another event id of its sender's. */
function conversationAs(id: string, name: string, source: AnySource): Conversation {
  const sender = { ...source.sender, events: () => [{ ...sampleEvent(name), id }] };
  const delivery = new VerifiedDelivery({ headers: {}, body: Buffer.alloc(0) });
  const [event] = mapDelivery(name, { ...source, sender }, delivery, { author });
  if (event?.plan.kind !== 'create') throw new Error(`It is to ${event?.plan.kind}`);
  return event.plan.conversation;
}

/** The headers with which a source's sender proves that it is the sender. */
function provingHeaders({ sender: { scheme } }: AnySource): string[] {
  if (scheme.kind === 'topic') return [];
  if (scheme.kind === 'token') return [scheme.header];
  return scheme.headers.flatMap(({ signature, timestamp }) => [signature, ...(timestamp ? [timestamp] : [])]);
}

/** What a value has in it, with where as a JSON pointer. */
function valuesIn(value: unknown, pointer = ''): [pointer: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    [`${pointer}/${key}`, inner],
    ...valuesIn(inner, `${pointer}/${key}`),
  ]);
}

describe('the sources', () => {
  it('take the events of these senders, directly or queued', () => {
    const modes = all.map(([name, { sender, delivery }]) => [name, [sender.name, delivery]]);
    expect(Object.fromEntries(modes)).toMatchObject({
      events: ['standard-webhooks', 'queued'],
      'github-issues': ['github', 'direct'],
      'github-releases': ['github', 'queued'],
      'pagerduty-incidents': ['pagerduty', 'direct'],
      'shopify-cancelled-orders': ['shopify', 'queued'],
      'stripe-disputes': ['stripe', 'queued'],
      'typeform-responses': ['typeform', 'direct'],
    });
  });

  it('are all that there are files of, each with a test, a sample and its headers', () => {
    const files = readdirSync(join(root, 'functions/hooks/sources'));
    expect(files.sort()).toEqual(all.map(([name]) => `${name}.ts`).sort());
    const wanted = all.flatMap(([name]) => {
      const sample = samplePath(samples, name);
      return [join(root, `test/hooks/sources/${name}.test.ts`), sample, headersPath(sample)];
    });
    expect(wanted.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe.each(all)('the source %s', (name, source) => {
  it('has a sample that becomes a conversation, and that proves nothing', () => {
    expect(mapSample(name, source)).toMatchObject([{ kind: 'create' }]);
    const { headers } = readSample(samplePath(samples, name));
    expect(provingHeaders(source).filter((header) => header in headers)).toEqual([]);
  });

  it('makes one conversation of an event, however often it comes', () => {
    const [one, again, other] = ['a', 'a', 'b'].map((id) => conversationAs(id, name, source));
    expect(again?.id).toBe(one?.id);
    // What has no externalId is another thing in each event.
    expect(other?.id === one?.id).toBe(one?.externalId !== undefined);
  });

  it.each([{}, [], null, 5, 'x', true])('rejects a payload that is %j', (payload) => {
    expect(mapSample(name, source, { payload })).toMatchObject([
      { kind: 'reject', problem: { status: 422 } },
    ]);
  });

  it('never fails, whatever is in a payload', () => {
    const read = source.payload.parse(samplePayload(name));
    const change = fc
      .constantFrom(...valuesIn(read))
      .chain(([pointer, value]) => fc.tuple(fc.constant(pointer), insteadOf(value)));
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const payload = samplePayload(name);
        // From the inside out: the way to each change is still there when it is made.
        for (const [pointer, value] of changes.toSorted(([a], [b]) => b.length - a.length)) {
          put(payload, pointer, value);
        }
        const parsed = source.payload.safeParse(payload);
        if (parsed.success) source.draft(parsed.data);
        for (const { kind } of mapSample(name, source, { payload })) {
          expect(['create', 'reject']).toContain(kind);
          kinds.add(kind);
        }
      }),
      { seed: 20_260_101, numRuns: 300 },
    );
    expect([...kinds]).toContain('create');
  });
});

const oddTexts = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '\ud800',
  '\uffff\0',
  'a@b',
  '+1 234',
  '🦀'.repeat(2000),
];
const oddNumbers = [0, -0, -1, 1.5, 1e308, Infinity, 2 ** 53, Number.MAX_SAFE_INTEGER, 253_402_300_799];
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...oddTexts));
const anyNumber = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(...oddNumbers));
const anyFields = fc.dictionary(
  fc.oneof(anyText, fc.stringMatching(/^[a-z]{1,3}$/)),
  fc.jsonValue({ maxDepth: 1 }),
  {
    maxKeys: 150,
    size: 'max',
  },
);
const anyValue = fc.oneof(
  anyText,
  anyNumber,
  anyFields,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(true, false, null, undefined),
);

/** Mostly of the same kind, so that much of it passes the schema. */
function insteadOf(value: unknown): fc.Arbitrary<unknown> {
  const kinds: Partial<Record<string, fc.Arbitrary<unknown>>> = {
    string: anyText,
    number: anyNumber,
    boolean: fc.boolean(),
  };
  return fc.oneof(
    { weight: 4, arbitrary: kinds[typeof value] ?? anyValue },
    { weight: 1, arbitrary: anyValue },
  );
}
