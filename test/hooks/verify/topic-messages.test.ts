import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Refusal } from '../../../functions/hooks/scheme.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import type { FetchText } from '../../../functions/hooks/verify-topic-message.ts';
import { awsSns } from './independent-signers.ts';
import { fetchCertificate, topicSecret } from './test-keys.ts';

const { told: topic, key } = topicSecret(0);
const host = 'https://sns.us-east-1.amazonaws.com';
const stamp = '2027-01-15T12:00:00.000Z';
const notification = {
  Type: 'Notification',
  MessageId: '26858270-545e-5848-82a2-e05566af3dcf',
  TopicArn: topic,
  Message: 'Größe:\n"42"',
  Timestamp: stamp,
};
const confirmation = {
  Type: 'SubscriptionConfirmation',
  MessageId: 'f3f2fc87-c426-4c2f-9044-b55890c0939c',
  Token: '2336412f37',
  TopicArn: topic,
  Message: 'You have chosen to subscribe.',
  SubscribeURL: `${host}/?Action=ConfirmSubscription`,
  Timestamp: stamp,
};
type Fields = Record<string, unknown>;

/** The message signed, and then with other fields: `undefined` takes one out. */
function signed(
  message: Record<string, string>,
  then: Fields = {},
  { version = '2', file = 'sns' } = {},
): Fields {
  const unsigned = { body: Buffer.from(JSON.stringify(message)), url: '', method: 'POST', time: 0, id: '' };
  const { body } = awsSns(version as '1' | '2', `${host}/${file}.pem`)(key, unsigned);
  return { ...(JSON.parse(body!.toString()) as Fields), ...then };
}

async function outcomeOf(
  message: unknown,
  { fetchText = fetchCertificate, topics = [topic] }: { fetchText?: FetchText; topics?: string[] } = {},
): Promise<'accepted' | Refusal> {
  const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  const scheme = { kind: 'topic' } as const;
  const delivery = { headers: {}, body, url: '', method: 'POST' };
  const result = await verify(scheme, delivery, keysOf(scheme, topics), { now: 0, fetchText });
  return result instanceof VerifiedDelivery ? 'accepted' : result;
}
const unreachable: FetchText = () => Promise.reject(new Error('was asked for'));

describe('a message of a topic', () => {
  it.each([
    ['a notification', notification],
    ['a notification with a subject', { ...notification, Subject: 'Order' }],
    ['a notification with an empty subject', { ...notification, Subject: '' }],
    ['a confirmation of a subscription', confirmation],
    ['a confirmation of its end', { ...confirmation, Type: 'UnsubscribeConfirmation' }],
  ])('is accepted in both versions of signatures: %s', async (_, message) => {
    expect(await outcomeOf(signed(message, {}, { version: '1' }))).toBe('accepted');
    expect(await outcomeOf(signed(message, {}, { version: '2' }))).toBe('accepted');
    expect(await outcomeOf(signed(message, { SignatureVersion: '1' }))).toBe('wrong signature');
  });

  it.each([
    ...Object.keys(notification).map((field) => [field, notification] as const),
    ...Object.keys(confirmation).map((field) => [field, confirmation] as const),
  ])('is refused with another %s, or none', async (field, message) => {
    for (const value of [`${message[field as 'Type']}x`, undefined, '', 5, null, [], {}]) {
      expect(await outcomeOf(signed(message, { [field]: value }))).not.toBe('accepted');
    }
  });

  it('is refused with a subject that was not signed, or without the one that was', async () => {
    expect(await outcomeOf(signed(notification, { Subject: 'Order' }))).toBe('wrong signature');
    const message = { ...notification, Subject: 'Order' };
    expect(await outcomeOf(signed(message, { Subject: undefined }))).toBe('wrong signature');
  });

  it('is refused when a line of one field is made another field', async () => {
    const Message = 'Hello\nMessageId\nanother\nSubject\nx';
    const message = { ...notification, Message, Subject: 'Order' };
    expect(await outcomeOf(signed(message))).toBe('accepted');
    const moved = {
      Message: 'Hello',
      MessageId: 'another',
      Subject: `x\nMessageId\n${message.MessageId}\nSubject\nOrder`,
    };
    expect(await outcomeOf(signed(message, moved))).toBe('malformed message');
  });

  it.each(['Other', '', 'notification', 'constructor', '__proto__', 'toString'])(
    'is refused without asking anybody when its type is "%s"',
    async (Type) => {
      expect(await outcomeOf(signed(notification, { Type }), { fetchText: unreachable })).toBe(
        'malformed message',
      );
    },
  );

  it.each(['', '0', '3', '1 ', '01', 'constructor', '__proto__', 2, null, undefined])(
    'is refused without asking anybody when its version is %j',
    async (SignatureVersion) => {
      const message = signed(notification, { SignatureVersion });
      expect(await outcomeOf(message, { fetchText: unreachable })).toBe('unknown version');
    },
  );

  it.each([
    '',
    '{',
    'null',
    '5',
    '"x"',
    '[]',
    '{}',
    '[{"Type":"Notification"}]',
    '['.repeat(100_000),
    '\ufeff{}',
  ])('is refused when it is no object: %#', async (body) => {
    expect(await outcomeOf(body, { fetchText: unreachable })).toBe('malformed message');
  });

  it.each([
    ['nothing', '', 'no signature'],
    ['a number', 5, 'no signature'],
    ['nothing at all', undefined, 'no signature'],
    ['no base64', '!', 'malformed signature'],
    ['a blank', ' ', 'malformed signature'],
    ['another signature', 'AAAA', 'wrong signature'],
  ])('is refused when its signature is %s', async (_, Signature, refusal) => {
    expect(await outcomeOf(signed(notification, { Signature }))).toBe(refusal);
  });

  it('is refused when its signature is written differently', async () => {
    const { Signature } = signed(notification) as { Signature: string };
    for (const other of [`${Signature}\n`, ` ${Signature}`, Signature.replace(/=+$/, ''), `${Signature}=`]) {
      expect(await outcomeOf(signed(notification, { Signature: other }))).toBe('malformed signature');
    }
  });
});

describe('the topics of a source', () => {
  it('are the only ones that may send, and each of several may', async () => {
    const other = topicSecret(1).told;
    expect(await outcomeOf(signed(notification), { topics: [other, topic] })).toBe('accepted');
    expect(await outcomeOf(signed(notification), { topics: [other], fetchText: unreachable })).toBe(
      'other topic',
    );
  });

  it.each([
    '',
    topic.toUpperCase(),
    `${topic} `,
    `${topic}\n`,
    `x${topic}`,
    topic.slice(0, -1),
    'arn:aws:sns:*:*:*',
    'arn:aws:sqs:us-east-1:123456789010:orders',
  ])('are ARNs, to the letter: not "%s"', async (told) => {
    const outcome = await outcomeOf(signed(notification), { topics: [told], fetchText: unreachable });
    expect(['other topic', 'no usable secret']).toContain(outcome);
  });
});
