import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { checkDraft } from '../../functions/conversations/draft.ts';
import { objectId } from './asked.ts';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const id = { type: 'string', format: 'object-id' };
const dateTime = { type: 'string', format: 'date-time' };
const unique = (maxItems: number, items: object) => ({ type: 'array', items, maxItems, uniqueItems: true });

/** The body of POST /v1/conversations as the vendor publishes it. Its rules for `custom` were lost in publishing. */
const published = {
  type: 'object',
  properties: {
    id,
    customer: id,
    externalId: text(256),
    name: text(256),
    status: { type: 'string', enum: ['open', 'done'] },
    priority: { type: 'integer', minimum: 1, maximum: 5 },
    createdAt: dateTime,
    importedAt: dateTime,
    direction: { type: 'string', enum: ['in', 'out'] },
    replyChannel: { ...text(256), nullable: true },
    tags: unique(20, {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      pattern: '^[0-9a-zA-ZÀ-ÿ_/<>\\-.]{1}[0-9a-zA-ZÀ-ÿ _/<>\\-.]{0,63}$',
    }),
    assignedUsers: unique(10, id),
    assignedTeams: unique(10, id),
    custom: { type: 'object', maxProperties: 100 },
    defaultLang: { ...text(100), nullable: true },
    queue: {
      type: 'object',
      properties: {
        id: { type: 'string', nullable: true },
        external: { type: 'string', enum: ['amazon-connect', null], nullable: true },
      },
      anyOf: [{ required: ['id'] }, { required: ['external'] }],
      additionalProperties: false,
    },
  },
  required: ['customer'],
  additionalProperties: false,
};

const ajv = new Ajv({ strict: true, strictRequired: false });
formats.default(ajv, ['date-time']);
ajv.addFormat('object-id', /^[0-9a-f]{24}$/);
const isPublished = ajv.compile(published);

// Date-times that RFC 3339 and we read alike; leap seconds and lower-case letters we refuse (date-time.test.ts).
const dateTimes = [
  '2016-11-09T02:46:29.789Z',
  '2016-11-09T02:46:29+05:30',
  '2016-11-09',
  '2016-02-30T00:00:00Z',
  '2016-11-09T02:46:29',
  '2016-11-09T24:00:00Z',
  '',
];
const junk = fc.constantFrom<unknown>(null, '', 'x', 0, 1, -1, 2.5, 1e308, true, [], {}, [[]], ['x'], {
  id: 1,
});
const ids = fc.constantFrom(objectId(1), objectId(2), objectId(3), 'x', objectId(1).slice(1), 'F'.repeat(24));
const textAround = (limit: number) =>
  fc
    .tuple(
      fc.constantFrom('x', 'é', '🦀', '\0', '\u2028'),
      fc.constantFrom(0, 1, limit - 1, limit, limit + 1),
    )
    .map(([letter, count]) => letter.repeat(count));
const tags = fc.constantFrom('vip', 'a b', ' a', 'a#', 'ÿ', 'x'.repeat(64), 'x'.repeat(65), '', '-', '日本');
const listAround = (limit: number, item: fc.Arbitrary<unknown>) =>
  fc.oneof(
    fc.array(item, { maxLength: 3 }),
    fc.constantFrom(limit, limit + 1).map((count) => Array.from({ length: count }, (_, n) => objectId(n))),
  );
const member = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: good }, junk);

const drafts = fc.record(
  {
    customer: fc.oneof({ weight: 8, arbitrary: fc.constant(objectId(9)) }, ids, junk),
    id: member(ids),
    externalId: member(textAround(256)),
    name: member(textAround(256)),
    status: member(fc.constantFrom('open', 'done', 'snoozed')),
    priority: member(fc.constantFrom(0, 1, 3, 5, 6, 1.5)),
    createdAt: member(fc.constantFrom(...dateTimes)),
    importedAt: member(fc.constantFrom(...dateTimes)),
    direction: member(fc.constantFrom('in', 'out', 'both')),
    replyChannel: member(textAround(256)),
    tags: member(listAround(20, tags)),
    assignedUsers: member(listAround(10, ids)),
    assignedTeams: member(listAround(10, ids)),
    defaultLang: member(textAround(100)),
    queue: member(
      fc.record(
        {
          id: fc.constantFrom<unknown>('q', null, 5),
          external: fc.constantFrom<unknown>('amazon-connect', null, 'x'),
          other: fc.constant(1),
        },
        { requiredKeys: [] },
      ),
    ),
    custom: fc.constantFrom<unknown>({}, null, [], 'x', 1),
    campaign: fc.constant(objectId(8)),
    Name: fc.constant('x'),
  },
  { requiredKeys: [] },
);

describe('what may be sent', () => {
  it('is what the vendor’s API description takes, field by field and together', () => {
    const counts = { taken: 0, refused: 0 };
    const someOf = fc.subarray([...Object.keys(published.properties), 'campaign', 'Name'], { maxLength: 3 });
    const agree = fc.property(drafts, someOf, (all, names) => {
      const draft = Object.fromEntries(
        Object.entries({ customer: objectId(9), ...all }).filter(
          ([name]) => name === 'customer' || names.includes(name),
        ),
      );
      const takes = isPublished(draft);
      counts[takes ? 'taken' : 'refused'] += 1;
      expect({ draft, takes: 'draft' in checkDraft(draft) }).toEqual({ draft, takes });
    });
    fc.assert(agree, { seed: 20161109, numRuns: 2000 });
    expect(counts.taken).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });

  it.each(Object.keys(published.properties).filter((name) => name !== 'customer'))(
    'is what the vendor’s API description takes for %s alone',
    (name) => {
      const counts = { taken: 0, refused: 0 };
      const agree = fc.property(drafts, (draft) => {
        if (!(name in draft)) return;
        const alone = { customer: objectId(9), [name]: (draft as Record<string, unknown>)[name] };
        const takes = isPublished(alone);
        counts[takes ? 'taken' : 'refused'] += 1;
        expect({ alone, takes: 'draft' in checkDraft(alone) }).toEqual({ alone, takes });
      });
      fc.assert(agree, { seed: 20161109, numRuns: 400 });
      expect(counts.taken).toBeGreaterThan(0);
      expect(counts.refused).toBeGreaterThan(0);
    },
  );
});
