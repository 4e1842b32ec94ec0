import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { covered } from './covered.ts';
import { judged, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

/** One change of a run of bytes at a place from 0 to 1. */
interface Edit {
  at: number;
  kind: 'flip' | 'replace' | 'insert' | 'remove' | 'cut' | 'repeat' | 'swap';
  bit: number;
  bytes: Uint8Array;
}

const telling = [
  '\n',
  ' ',
  ',',
  '.',
  '=',
  '&',
  '%',
  ':',
  '@',
  '/',
  '"',
  '\u0000',
  '0',
  'v1=',
  ',t=0',
  ' x',
  ',x',
  ':443',
  '\ufeff',
];
const anEdit = fc.record<Edit>({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('flip', 'flip', 'replace', 'insert', 'remove', 'cut', 'repeat', 'swap'),
  bit: fc.nat(7),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    fc.constantFrom(...telling).map((text) => new Uint8Array(Buffer.from(text))),
  ),
});

function edited(before: Buffer, { at, kind, bit, bytes }: Edit): Buffer {
  const place = Math.min(before.length - 1, Math.floor(at * before.length));
  const [head, tail] = [before.subarray(0, Math.max(0, place)), before.subarray(Math.max(0, place))];
  const [first = 0, second = 0] = tail;
  switch (kind) {
    case 'flip':
      return Buffer.from([...head, ...(tail.length > 0 ? [first ^ (1 << bit)] : []), ...tail.subarray(1)]);
    case 'replace':
      return Buffer.concat([head, bytes, tail.subarray(bytes.length)]);
    case 'insert':
      return Buffer.concat([head, bytes, tail]);
    case 'remove':
      return Buffer.concat([head, tail.subarray(1)]);
    case 'cut':
      return bit < 4 ? head : tail;
    case 'repeat':
      return Buffer.concat([head, tail, tail]);
    case 'swap':
      return Buffer.from([...head, ...(tail.length > 1 ? [second, first] : tail), ...tail.subarray(2)]);
  }
}

/** The places of a signed delivery that can be altered: each of them may be covered. */
function places({ scheme }: SenderCase, { headers }: RawDelivery): string[] {
  if (scheme.kind === 'topic') return ['body'];
  if (scheme.kind === 'token') return [scheme.header];
  const names = Object.keys(headers).filter((name) => name !== 'content-type');
  const { signed } = scheme;
  const isUrl = signed.includes('url') || signed.includes('escaped url');
  return [
    'body',
    'body',
    ...names,
    ...(isUrl ? ['url'] : []),
    ...(signed.includes('method') ? ['method'] : []),
  ];
}

function altered(delivery: RawDelivery, place: string, edit: Edit): RawDelivery {
  if (place === 'body') return { ...delivery, body: edited(delivery.body, edit) };
  const text = (before: string) => edited(Buffer.from(before, 'latin1'), edit).toString('latin1');
  if (place === 'url') return { ...delivery, url: text(delivery.url) };
  if (place === 'method') return { ...delivery, method: text(delivery.method) };
  return { ...delivery, headers: { ...delivery.headers, [place]: text(delivery.headers[place]!) } };
}

const aTitle = fc.constantFrom(...senderCases.map(({ title }) => title));
const caseOf = (title: string) => senderCases.find((of) => of.title === title)!;
const aText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '0', 'A dispute was opened', 'a=b&c=d', '{"a":1.5}', '1800014400.x', '\r\n'),
);
const aUrl = fc.constantFrom(
  'https://intake.example.com/v1/hooks/source',
  'https://intake.example.com/v1/hooks/source?a=1%2Fb%3f&c=%27',
  'https://intake.example.com:443/v1/hooks/source?a=b:c@d',
  'http://localhost:3000/v1/hooks/source',
);
const anId = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);

describe('a delivery that was altered', () => {
  it(
    'by one change of what its proof covers, is never accepted',
    async () => {
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(
          aTitle,
          aText,
          aUrl,
          anId,
          fc.nat(9),
          anEdit,
          async (title, says, url, id, where, edit) => {
            const of = caseOf(title);
            const signed = of.sign({ body: of.body(says), url, id });
            expect(await judged(of, signed)).toBeInstanceOf(VerifiedDelivery);
            const all = places(of, signed);
            const delivery = altered(signed, all[where % all.length]!, edit);
            if (covered(of, delivery) === covered(of, signed)) return;
            expect(typeof (await judged(of, delivery))).toBe('string');
            refused++;
          },
        ),
        shareOfRuns(4),
      );
      expect(refused).toBeGreaterThan(shareOfRuns(2).numRuns);
    },
    patience,
  );

  it(
    'by taking the proof of another one, is never accepted',
    async () => {
      await fc.assert(
        fc.asyncProperty(aTitle, aText, aText, anId, anId, async (title, says, other, id, otherId) => {
          const of = caseOf(title);
          const signed = of.sign({ body: of.body(says), id });
          const proof = of.sign({ body: of.body(other), id: otherId });
          const delivery = { ...signed, headers: proof.headers };
          if (covered(of, delivery) === covered(of, signed) || covered(of, delivery) === covered(of, proof))
            return;
          expect(typeof (await judged(of, delivery))).toBe('string');
        }),
        shareOfRuns(1),
      );
    },
    patience,
  );
});
