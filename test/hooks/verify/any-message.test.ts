import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keysOf } from '../../../functions/hooks/keys.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { fetchCertificate, topicSecret } from './test-keys.ts';

const topic = topicSecret(0).told;
const certificate = await fetchCertificate('sns.pem');
const otherKey = await fetchCertificate('other-key.pem');
const otherName = await fetchCertificate('other-name.pem');
const scheme = { kind: 'topic' } as const;
const address = 'https://sns.us-east-1.amazonaws.com';

const good = {
  Type: 'Notification',
  MessageId: '1',
  TopicArn: topic,
  Message: 'Hello',
  Timestamp: '2027-01-15T12:00:00.000Z',
  SignatureVersion: '2',
  Signature: 'AAAA',
};
const aValue = fc.oneof(
  fc.constantFrom(
    'SubscriptionConfirmation',
    'UnsubscribeConfirmation',
    '1',
    '3',
    'constructor',
    '__proto__',
    'x\ny',
  ),
  fc.constantFrom(`${address}/any 2.pem`, `${address}/a.pem?b`, 'https://', address),
  fc.uint8Array({ minLength: 256, maxLength: 256 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.jsonValue({ maxDepth: 1 }),
);
const aChange = fc.dictionary(
  fc.constantFrom(
    ...Object.keys(good),
    'SigningCertURL',
    'Subject',
    'Token',
    'SubscribeURL',
    '__proto__',
    'constructor',
  ),
  aValue,
  { maxKeys: 3 },
);
const aBody = fc.oneof(
  {
    // What is at an address is remembered: there are many.
    arbitrary: fc
      .tuple(aChange, fc.nat(1000))
      .map(([change, n]) => ({ ...good, SigningCertURL: `${address}/any-${n}.pem`, ...change }))
      .map((message) => Buffer.from(JSON.stringify(message))),
    weight: 5,
  },
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
const noAnswer = new Error('no answer');
const anAnswer = fc.constantFrom(
  noAnswer,
  '',
  'x',
  certificate,
  otherKey,
  otherName,
  certificate.slice(0, -60),
);

describe('verification of messages of topics', () => {
  it(
    'refuses whatever comes, and throws nothing but what fetching does',
    async () => {
      const outcomes = new Set<unknown>();
      await fc.assert(
        fc.asyncProperty(
          aBody,
          fc.constantFrom([topic], [topic], ['x', topic], ['x'], [topicSecret(1).told]),
          anAnswer,
          async (body, told, answer) => {
            const delivery = { headers: {}, body, url: address, method: 'POST' };
            const fetchText = () =>
              answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
            const judge = async () => verify(scheme, delivery, keysOf(scheme, told), { now: 0, fetchText });
            const result = await judge().catch((error: unknown) => {
              expect(error).toBe(noAnswer);
              return error;
            });
            if (result !== noAnswer) expect(typeof result).toBe('string');
            outcomes.add(result);
          },
        ),
        shareOfRuns(3),
      );
      expect([...outcomes]).toEqual(
        expect.arrayContaining([
          noAnswer,
          'no usable secret',
          'malformed message',
          'other topic',
          'unknown version',
          'no signature',
          'untrusted certificate address',
          'untrusted certificate',
          'malformed signature',
          'wrong signature',
        ]),
      );
    },
    patience,
  );
});
