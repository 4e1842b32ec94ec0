import fc from 'fast-check';

/** How many inputs all properties together try: 500, or as many as FUZZ_RUNS says. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 500);
/** The same inputs each time, unless FUZZ_SEED names others. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_101);

/** The settings of a property that takes this part, e.g. 0.1, of all runs. */
export function shareOfRuns(part: number): { numRuns: number; seed: number } {
  return { numRuns: Math.max(1, Math.round(runs * part)), seed };
}

/** Milliseconds that a property may take when it tries so many inputs over HTTP. */
export const patience = Math.max(30_000, runs * 200);

/** Text of all kinds, of so many code points at the most. */
function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.oneof(
      fc.constantFrom(...oddCharacters),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength,
  });
}

const oddCharacters = [
  '\u0000',
  '"',
  '\\',
  '/',
  '\u2028',
  '\ufeff',
  '\ufffe',
  '\uffff',
  '🦀',
  'é',
  'e\u0301',
  '\u202e',
  ' ',
];
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const anyObjectId = hex(24);
const anyDateTime = fc
  .tuple(
    fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    }),
    fc.constantFrom('Z', '+01:00', '-11:30', '+00:00'),
  )
  .map(([date, offset]) => date.toISOString().replace('Z', offset));
const anyTag = fc
  .tuple(
    fc.constantFrom(...'aZ09Àÿ_/<>-.'),
    fc.string({ unit: fc.constantFrom(...'aZ09Àÿ _/<>-.'), maxLength: 63 }),
  )
  .map((parts) => parts.join(''));
const suffixes: Record<string, fc.Arbitrary<unknown>> = {
  Num: fc
    .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())
    .map((value) => value || 0),
  At: anyDateTime,
  Str: anyText(60),
  Txt: anyText(60),
  Bool: fc.boolean(),
  Url: fc.webUrl({ withQueryParameters: true, withFragments: true }),
};
const anyCustom = fc
  .array(
    fc.oneof(
      ...Object.entries(suffixes).map(([suffix, value]) =>
        fc.tuple(
          fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,10}$/).map((name) => name + suffix),
          fc.option(value),
        ),
      ),
    ),
    { maxLength: 12 },
  )
  .map((entries): Record<string, unknown> => Object.fromEntries(entries));

/** The fields of a draft that the contract takes, each left out as often as not; ids that clash are not among them. */
export const goodFields = fc.record(
  {
    externalId: anyText(256),
    name: anyText(256),
    status: fc.constantFrom('open', 'done'),
    priority: fc.integer({ min: 1, max: 5 }),
    createdAt: anyDateTime,
    direction: fc.constantFrom('in', 'out'),
    replyChannel: fc.option(anyText(256)),
    tags: fc.uniqueArray(anyTag, { maxLength: 20 }),
    assignedUsers: fc.uniqueArray(anyObjectId, { maxLength: 10 }),
    assignedTeams: fc.uniqueArray(anyObjectId, { maxLength: 10 }),
    custom: anyCustom,
    defaultLang: fc.option(anyText(100)),
    queue: fc.oneof(
      fc.record({ id: fc.option(anyText(40)) }),
      fc.record({ external: fc.constantFrom('amazon-connect', null) }),
      fc.record({ id: fc.option(anyText(40)), external: fc.constantFrom('amazon-connect', null) }),
    ),
  },
  { requiredKeys: [] },
);

/** Whatever names a customer. */
export const goodCustomer = fc.oneof(
  anyObjectId,
  fc.record({ id: anyObjectId }),
  fc.record({ email: fc.emailAddress() }),
  fc.record({ phone: fc.stringMatching(/^\+?[0-9][0-9 ()./-]{0,8}[0-9]{2,8}$/) }),
  fc.record({ externalId: anyText(256).filter((text) => text !== '') }),
);

/** What nearly names one. */
const anyCustomer = fc.dictionary(
  fc.constantFrom('id', 'email', 'phone', 'externalId', 'Email', '__proto__', 'toString', ''),
  fc.oneof(anyObjectId, fc.emailAddress(), anyText(20), fc.jsonValue()),
  { maxKeys: 3 },
);

/** Any JSON, with keys that look like a draft's and values that nearly do, so that much of the schema is reached. */
export const anyFields = fc.dictionary(
  fc.oneof(
    fc.constantFrom('id', 'externalId', 'customer', 'campaign', 'name', 'status', 'priority', 'createdAt'),
    fc.constantFrom('importedAt', 'direction', 'replyChannel', 'tags', 'assignedUsers', 'custom', 'queue'),
    fc.constantFrom('__proto__', 'constructor', 'defaultLang', '_clientRef', '', 'aStr'),
    anyText(8),
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    goodFields.map((fields) => Object.values(fields)[0] ?? null),
    goodCustomer,
    anyCustomer,
    fc.dictionary(
      fc.constantFrom('aStr', 'aNum', 'aUrl', 'id', 'external', 'x', '__proto__'),
      fc.jsonValue(),
    ),
  ),
  { maxKeys: 5 },
);

/** Something to put where an id stands in a path or a query: anything at all, percent-encoded. */
export const anyPart = fc
  .oneof(
    anyObjectId,
    hex(24).map((id) => id.toUpperCase()),
    anyText(30),
    fc.constantFrom(
      '..',
      '.',
      'a/b',
      'externalId=x',
      'bulk',
      '__proto__',
      '%',
      '%2F',
      'null',
      '0',
      '-1',
      '1e3',
    ),
    fc.integer({ min: 0, max: 9000 }).map((length) => 'a'.repeat(length % 4000)),
  )
  .map((text) => encodeURIComponent(text.toWellFormed()));
