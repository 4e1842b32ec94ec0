import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, createHmac } from 'node:crypto';
import { awsSigner } from '../../functions/lambda/aws-signer.ts';

const signingDate = new Date('2026-01-02T03:04:05.678Z');
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };

/** What the SDK's signer asks for: a digest, or an HMAC when it is given a key. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === 'string' ? secret : secret && Buffer.from(secret as Uint8Array);
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function requestWith(body: string | Uint8Array) {
  const hostname = 'dynamodb.eu-west-1.amazonaws.com';
  const headers: Record<string, string> = {
    host: hostname,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.PutItem',
  };
  return { method: 'POST', protocol: 'https:', hostname, path: '/', query: {}, headers, body };
}

describe('the signature of a request to DynamoDB', () => {
  it.each([
    ['a text', '{"TableName":"t"}', credentials],
    ['bytes', Buffer.from('{"name":"🦀"}'), credentials],
    ['an empty body', '', credentials],
    ['a session token', '{}', { ...credentials, sessionToken: 'token/with+signs=' }],
  ])("is the SDK's own, with %s", async (_, body, given) => {
    const signer = new SignatureV4({
      service: 'dynamodb',
      region: 'eu-west-1',
      credentials: given,
      sha256: Sha256,
      applyChecksum: false,
    });
    const theirs = await signer.sign(requestWith(body), { signingDate });
    const ours = await awsSigner('dynamodb', 'eu-west-1', async () => given).sign(requestWith(body), {
      signingDate,
    });
    expect(ours.headers).toEqual(theirs.headers);
  });

  it('is another for another secret, day, body or target', async () => {
    const sign = async (secretAccessKey: string, day: string, body: string, target: string) => {
      const request = requestWith(body);
      request.headers['x-amz-target'] = target;
      const signer = awsSigner('dynamodb', 'eu-west-1', async () => ({ accessKeyId: 'A', secretAccessKey }));
      return (await signer.sign(request, { signingDate: new Date(day) })).headers['authorization'];
    };
    const signatures = await Promise.all([
      sign('a', '2026-01-01', 'x', 'T'),
      sign('b', '2026-01-01', 'x', 'T'),
      sign('a', '2026-01-02', 'x', 'T'),
      sign('a', '2026-01-01', 'y', 'T'),
      sign('a', '2026-01-01', 'x', 'U'),
    ]);
    expect(new Set(signatures).size).toBe(5);
  });

  it('follows credentials that change', async () => {
    const sequence = ['one', 'two', 'one'].map((secretAccessKey) => ({ accessKeyId: 'A', secretAccessKey }));
    const signer = awsSigner('dynamodb', 'eu-west-1', async () => sequence.shift()!);
    const sign = async () => (await signer.sign(requestWith('{}'), { signingDate })).headers['authorization'];
    const [first, second, third] = [await sign(), await sign(), await sign()];
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });
});
