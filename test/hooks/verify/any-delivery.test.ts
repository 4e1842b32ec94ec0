import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Freshness, Scheme, SignatureScheme, SigningMethod } from '../../../functions/hooks/scheme.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { senderCases } from './sender-cases.ts';

const cases = senderCases.filter(({ scheme }) => scheme.kind !== 'topic');

/** Texts that look like a part of a header, and texts that look like nothing. */
const aPiece = fc.oneof(
  fc.constantFrom(
    't=',
    'v1=',
    'v1,',
    'v1a,',
    'sha256=',
    'one:',
    'Bearer ',
    'Basic ',
    ',',
    ' ',
    '.',
    '\n',
    '=',
  ),
  fc.constantFrom('1800014400', '-1', 'NaN', '\u0000', '%', 'AA==', 'ab'.repeat(32)),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 5 }), // Lone surrogates too.
);
const aHeader = fc.array(aPiece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const aTime = fc.constantFrom('1800014400', '1800014400000', '2027-01-15T12:00:00.000Z', '0', '');
/** Hash lengths, and those of signatures. */
const aLength = fc.constantFrom(20, 32, 64, 71);

/** What could be a signature of the scheme, with a time beside it where there may be one. */
function aSignature({ methods, encoding, form }: SignatureScheme): fc.Arbitrary<string> {
  const bytes = aLength.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const one = fc
    .tuple(fc.constantFrom(...methods), bytes)
    .map(([{ label }, signature]) => label + Buffer.from(signature).toString(encoding));
  if (form === 'one') return one;
  const times = fc.array(
    aTime.map((time) => `t=${time}`),
    { maxLength: 1 },
  );
  return fc
    .tuple(times, fc.array(one, { minLength: 1, maxLength: 3 }), fc.array(aPiece, { maxLength: 1 }))
    .map((entries) => entries.flat().join(form.separator));
}

/** A value, nearly right as often as not, for each header that the scheme has. */
function headersFor(scheme: Scheme): fc.Arbitrary<Record<string, string | undefined>> {
  const orNone = (value: fc.Arbitrary<string>) =>
    fc.option(fc.oneof(value, value, aHeader), { nil: undefined, freq: 8 });
  const contentType = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'x');
  const values: Record<string, fc.Arbitrary<string | undefined>> = { 'content-type': orNone(contentType) };
  if (scheme.kind === 'token') values[scheme.header] = orNone(aHeader);
  if (scheme.kind === 'signature') {
    for (const { signature, timestamp, id } of scheme.headers) {
      values[signature] = orNone(aSignature(scheme));
      if (timestamp !== undefined) values[timestamp] = orNone(aTime);
      if (id !== undefined) values[id] = orNone(aHeader);
    }
  }
  return fc.record(values);
}

const aMethod = fc.record<SigningMethod>({
  algorithm: fc.constantFrom<SigningMethod['algorithm'][]>('hmac', 'digest', 'ed25519', 'ecdsa'),
  hash: fc.constantFrom<('sha1' | 'sha256' | 'sha512')[]>('sha1', 'sha256', 'sha512'),
  key: fc.constantFrom<SigningMethod['key'][]>('text', 'hex', 'base64', 'spki'),
  label: fc.constantFrom('', 'v1=', 't='),
});
/** The senders' own, and any other that could be written. */
const aScheme: fc.Arbitrary<Scheme> = fc.oneof(
  fc.constantFrom<Scheme[]>(...cases.map(({ scheme }) => scheme)),
  fc.record({
    kind: fc.constant('signature' as const),
    headers: fc.constant([{ signature: 'x-sum', timestamp: 'x-time', id: 'x-id' }]),
    form: fc.constantFrom<SignatureScheme['form'][]>('one', { separator: ',' }, { separator: ' ' }),
    encoding: fc.constantFrom('hex' as const, 'base64' as const),
    signed: fc.shuffledSubarray([
      'timestamp',
      'id',
      'body',
      'method',
      'url',
      'escaped url',
      'form or body hash',
    ] as const),
    methods: fc.array(aMethod, { minLength: 1, maxLength: 3 }),
    freshness: fc.record({
      tolerance: fc.constantFrom(0, 300),
      in: fc.constantFrom<Freshness['in'][]>('header', 'signature', { field: 'a' }, { field: '__proto__' }),
      unit: fc.constantFrom<Freshness['unit'][]>('s', 'ms', 'rfc3339'),
    }),
  }),
);
const anArrival = aScheme.chain((scheme) =>
  fc.record({ scheme: fc.constant(scheme), headers: headersFor(scheme) }),
);
const aRequest = fc.record({
  url: fc.oneof(
    fc.constantFrom(
      'https://a.example/x',
      'https://a.example:443/?bodySHA256=x',
      'http://[::1]:80/?a=%',
      '?',
    ),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'binary', maxLength: 20 }),
  ),
  method: fc.constantFrom('POST', '', 'post'),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json)),
    fc.webQueryParameters().map((query) => Buffer.from(query)),
  ),
});
const someSecrets = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom(...cases), fc.nat(2)).map(([of, number]) => of.secret(number)),
    fc.tuple(fc.constantFrom(...cases), fc.nat(2)).map(([of, number]) => of.secret(number)),
    aHeader,
    fc.string({ unit: 'binary', maxLength: 60 }),
  ),
  { maxLength: 4 },
);
const aNow = fc.oneof(fc.constantFrom(1800014400000, 0, NaN, Infinity), fc.maxSafeInteger());

describe('verification', () => {
  it(
    'refuses whatever comes, for whatever scheme and with whatever secrets, and never throws',
    () => {
      const outcomes = new Set<string>();
      fc.assert(
        fc.property(anArrival, aRequest, someSecrets, aNow, ({ scheme, headers }, request, secrets, now) => {
          const fetchText = () => Promise.reject(new Error('was asked for'));
          const keys = keysOf(scheme, secrets);
          const result = verify(scheme, { ...request, headers }, keys, { now, fetchText });
          if (typeof result === 'string') return void outcomes.add(result);
          // A token may be hit upon by chance: it is one of the texts that are told.
          expect(result).toBeInstanceOf(VerifiedDelivery);
          expect(scheme.kind).toBe('token');
        }),
        shareOfRuns(4),
      );
      expect([...outcomes]).toEqual(
        expect.arrayContaining([
          'no usable secret',
          'no signature',
          'malformed signature',
          'unknown version',
          'no timestamp',
          'no id',
          'body not covered by the signature',
          'wrong signature',
        ]),
      );
    },
    patience,
  );
});
