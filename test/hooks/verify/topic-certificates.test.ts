import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import type { Refusal } from '../../../functions/hooks/scheme.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { awsSns } from './independent-signers.ts';
import { fetchCertificate, topicSecret } from './test-keys.ts';

const { told: topic, key } = topicSecret(0);
const host = 'https://sns.us-east-1.amazonaws.com';
const certificate = await fetchCertificate('sns.pem');
const otherName = await fetchCertificate('other-name.pem');
const otherKey = await fetchCertificate('other-key.pem');
/** Each address has its own certificate, which is remembered. */
let addresses = 0;
const freshAddress = () => `${host}/SimpleNotificationService-${++addresses}.pem`;

interface Arrival {
  address?: string;
  /** What is at the address, or why it cannot be told. */
  there?: string | Error;
  Timestamp?: string;
  arn?: string;
}

/** What becomes of a message that is signed as it should be, and which addresses were asked. */
async function arrive({ address = freshAddress(), there = certificate, Timestamp, arn = topic }: Arrival) {
  const message = {
    Type: 'Notification',
    MessageId: '26858270-545e-5848-82a2-e05566af3dcf',
    TopicArn: arn,
    Message: 'Hello',
    Timestamp: Timestamp ?? '2027-01-15T12:00:00.000Z',
  };
  const unsigned = { body: Buffer.from(JSON.stringify(message)), url: '', method: 'POST', time: 0, id: '' };
  const { body } = awsSns('2', address)(key, unsigned);
  const asked: string[] = [];
  const fetchText = async (url: string) => {
    asked.push(url);
    if (there instanceof Error) throw there;
    return there;
  };
  const scheme = { kind: 'topic' } as const;
  const delivery = { headers: {}, body: body!, url: '', method: 'POST' };
  const result = await verify(scheme, delivery, keysOf(scheme, [arn]), { now: 0, fetchText });
  const outcome: 'accepted' | Refusal = result instanceof VerifiedDelivery ? 'accepted' : result;
  return { outcome, asked };
}

describe('the address of a certificate', () => {
  it.each([
    ['arn:aws:sns:us-east-1:123456789010:orders', 'https://sns.us-east-1.amazonaws.com'],
    ['arn:aws:sns:af-south-1:123456789010:orders', 'https://sns.af-south-1.amazonaws.com'],
    ['arn:aws-us-gov:sns:us-gov-west-1:123456789010:orders.fifo', 'https://sns.us-gov-west-1.amazonaws.com'],
    ['arn:aws-cn:sns:cn-north-1:123456789010:orders', 'https://sns.cn-north-1.amazonaws.com.cn'],
  ])('is at SNS in the region of the topic: %s', async (arn, origin) => {
    const address = `${origin}/SimpleNotificationService-0a1b.pem`;
    expect(await arrive({ arn, address })).toEqual({ outcome: 'accepted', asked: [address] });
    const elsewhere = address.replace(/sns\.[a-z0-9-]+/, 'sns.eu-west-1');
    expect(await arrive({ arn, address: elsewhere })).toEqual({
      outcome: 'untrusted certificate address',
      asked: [],
    });
  });

  it.each([
    'http://sns.us-east-1.amazonaws.com/x.pem',
    'ftp://sns.us-east-1.amazonaws.com/x.pem',
    'HTTPS://sns.us-east-1.amazonaws.com/x.pem',
    'https://SNS.us-east-1.amazonaws.com/x.pem',
    'https:\\\\sns.us-east-1.amazonaws.com\\x.pem',
    '//sns.us-east-1.amazonaws.com/x.pem',
    ' https://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com:443/x.pem',
    'https://sns.us-east-1.amazonaws.com:8443/x.pem',
    'https://user@sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com@example.com/x.pem',
    'https://sns.us-east-1.amazonaws.com:x@example.com/x.pem',
    'https://sns.us-east-1.amazonaws.com./x.pem',
    'https://sns.us-east-1.amazonaws.com.example.com/x.pem',
    'https://sns.us-east-1.amazonaws.com.cn/x.pem',
    'https://sns.us-east-1.amazonaws.co/x.pem',
    'https://sns-us-east-1.amazonaws.com/x.pem',
    'https://snsXus-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.s3.amazonaws.com/x.pem',
    'https://sns.s3.us-east-1.amazonaws.com/x.pem',
    'https://evil.sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1-x.amazonaws.com/x.pem',
    'https://sns.us-west-2.amazonaws.com/x.pem',
    'https://sns.amazonaws.com/x.pem',
    'https://example.com/sns.us-east-1.amazonaws.com/x.pem',
    'https://example.com#https://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com/',
    'https://sns.us-east-1.amazonaws.com/.pem',
    'https://sns.us-east-1.amazonaws.com/x',
    'https://sns.us-east-1.amazonaws.com/x.pem/',
    'https://sns.us-east-1.amazonaws.com/x.PEM',
    'https://sns.us-east-1.amazonaws.com/a/x.pem',
    'https://sns.us-east-1.amazonaws.com/../x.pem',
    'https://sns.us-east-1.amazonaws.com/%2e%2e/x.pem',
    'https://sns.us-east-1.amazonaws.com/x.pem?Action=ListTopics',
    'https://sns.us-east-1.amazonaws.com/x.pem?.pem',
    'https://sns.us-east-1.amazonaws.com/?Action=ListTopics&x=.pem',
    'https://sns.us-east-1.amazonaws.com/x.pem#y',
    'https://sns.us-east-1.amazonaws.com/x.pem\n',
    'https://sns.us-east-1.amazonaws.com/\tx.pem',
    'https://sns.us-east-1.amazonaws.com',
    'sns.us-east-1.amazonaws.com/x.pem',
    'data:text/plain,x.pem',
    'x.pem',
    '',
  ])('is not %j, which nobody is asked for', async (address) => {
    expect(await arrive({ address })).toEqual({ outcome: 'untrusted certificate address', asked: [] });
  });
});

describe('a certificate', () => {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const at = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds).toISOString();

  it.each([
    ['its first moment', at(validFromDate, 0), 'accepted'],
    ['its last moment', at(validToDate, 0), 'accepted'],
    ['a millisecond before', at(validFromDate, -1), 'untrusted certificate'],
    ['a millisecond after', at(validToDate, 1), 'untrusted certificate'],
    ['no time', 'yesterday', 'untrusted certificate'],
    ['an empty time', '', 'untrusted certificate'],
  ])('must be valid when the message was published: %s', async (_, Timestamp, outcome) => {
    expect((await arrive({ Timestamp })).outcome).toBe(outcome);
  });

  it('may have the other names that SNS has', async () => {
    const there = await fetchCertificate('sns-signing.pem');
    expect((await arrive({ there })).outcome).toBe('accepted');
  });

  it.each([
    ['of another name', otherName],
    ['whose key is not RSA', otherKey],
    ['that is nothing', ''],
    ['that is a page', '<html></html>'],
    ['that is cut off', certificate.slice(0, 200)],
    [
      'that is a key',
      generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    ],
  ])('is none %s, and is not remembered', async (_, there) => {
    const address = freshAddress();
    expect((await arrive({ address, there })).outcome).toBe('untrusted certificate');
    expect(await arrive({ address })).toEqual({ outcome: 'accepted', asked: [address] });
  });

  it('is asked for once', async () => {
    const address = freshAddress();
    expect((await arrive({ address })).asked).toEqual([address]);
    expect(await arrive({ address })).toEqual({ outcome: 'accepted', asked: [] });
  });

  it('that cannot be fetched stops nothing for good: the error is thrown, and it is asked for again', async () => {
    const address = freshAddress();
    const there = new Error('no answer');
    await expect(arrive({ address, there })).rejects.toBe(there);
    expect(await arrive({ address })).toEqual({ outcome: 'accepted', asked: [address] });
  });

  it('is remembered only so often', async () => {
    const first = freshAddress();
    await arrive({ address: first });
    for (let count = 0; count < 20; count++) await arrive({});
    expect((await arrive({ address: first })).asked).toEqual([first]);
  });
});
