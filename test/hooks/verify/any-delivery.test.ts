import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Freshness, Scheme, SignatureScheme, SigningMethod } from '../../../functions/hooks/scheme.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { senderCases } from './sender-cases.ts';

const cases = senderCases.filter(({ scheme }) => scheme.kind !== 'topic');
const schemes = cases.map(({ scheme }) => scheme);

/** Texts that look like a header's, and texts that look like nothing. */
const aPiece = fc.oneof(
  fc.constantFrom(
    't=',
    'v1=',
    'v1,',
    'v1a,',
    'sha256=',
    'sha1=',
    'v0=',
    'one:',
    'Bearer ',
    'Basic ',
    ',',
    ' ',
    '.',
  ),
  fc.constantFrom(
    '1800014400',
    '1800014400000',
    '2027-01-15T12:00:00.000Z',
    '-1',
    'NaN',
    '\n',
    '=',
    '\u0000',
    '%',
  ),
  fc
    .constantFrom(20, 32, 64, 72)
    .chain((length) =>
      fc
        .tuple(fc.uint8Array({ minLength: length, maxLength: length }), fc.constantFrom('hex', 'base64'))
        .map(([bytes, encoding]) => Buffer.from(bytes).toString(encoding as 'hex')),
    ),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 5 }), // Lone surrogates too.
);
const aHeader = fc.array(aPiece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const aBody = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json)),
  fc.webQueryParameters().map((query) => Buffer.from(query)),
);
const aUrl = fc.oneof(
  fc.constantFrom(
    'https://a.example/v1/hooks/x',
    'https://a.example:443/?bodySHA256=x',
    'http://[::1]:80/?a=%',
    '',
    '?',
  ),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const aMethod = fc.record<SigningMethod>({
  algorithm: fc.constantFrom<SigningMethod['algorithm'][]>('hmac', 'digest', 'ed25519', 'ecdsa'),
  hash: fc.constantFrom<('sha1' | 'sha256' | 'sha512')[]>('sha1', 'sha256', 'sha512'),
  key: fc.constantFrom<SigningMethod['key'][]>('text', 'hex', 'base64', 'spki'),
  label: fc.constantFrom('', 'v1=', 't='),
});
/** Any that could be written. */
const anyScheme = fc.record({
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
});
const contentType = fc.constantFrom(
  undefined,
  '',
  'application/json',
  'application/x-www-form-urlencoded',
  'x',
);
const aSecret = fc.oneof(
  {
    arbitrary: fc.tuple(fc.constantFrom(...cases), fc.nat(2)).map(([of, number]) => of.secret(number)),
    weight: 3,
  },
  aHeader,
  fc.string({ unit: 'binary', maxLength: 60 }),
);

function namesOf(scheme: Scheme): string[] {
  if (scheme.kind === 'topic') return [];
  if (scheme.kind === 'token') return [scheme.header];
  return scheme.headers.flatMap((family) => Object.values(family) as string[]);
}

describe('verification', () => {
  it(
    'refuses whatever comes, for whatever scheme and with whatever secrets, and never throws',
    () => {
      const outcomes = new Set<string>();
      const headers = fc.array(fc.option(aHeader, { nil: undefined, freq: 8 }), {
        minLength: 6,
        maxLength: 6,
      });
      const request = fc.record({ url: aUrl, method: fc.constantFrom('POST', '', 'post'), body: aBody });
      const secrets = fc.array(aSecret, { maxLength: 4 });
      const now = fc.oneof(fc.constantFrom(1800014400000, 0, NaN, Infinity), fc.maxSafeInteger());
      const scheme: fc.Arbitrary<Scheme> = fc.oneof(fc.constantFrom<Scheme[]>(...schemes), anyScheme);
      fc.assert(
        fc.property(
          scheme,
          headers,
          contentType,
          request,
          secrets,
          now,
          (of, values, type, asked, told, at) => {
            const named = Object.fromEntries(namesOf(of).map((name, index) => [name, values[index]]));
            const delivery = { ...asked, headers: { 'content-type': type, ...named } };
            const fetchText = () => Promise.reject(new Error('was asked for'));
            const result = verify(of, delivery, keysOf(of, told), { now: at, fetchText });
            if (typeof result === 'string') return void outcomes.add(result);
            // A token may be hit upon by chance: it is one of the texts that are told.
            expect(result).toBeInstanceOf(VerifiedDelivery);
            expect(of.kind).toBe('token');
          },
        ),
        shareOfRuns(20),
      );
      expect([...outcomes]).toEqual(
        expect.arrayContaining([
          'no usable secret',
          'no signature',
          'malformed signature',
          'unknown version',
          'no timestamp',
          'no id',
          'wrong signature',
        ]),
      );
    },
    patience,
  );
});
