import { createECDH, createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A secret as a sender's settings give it to us, and what the sender signs with. */
export interface Secret<Key = string | Buffer | KeyObject> {
  told: string;
  key: Key;
}

/** A secret that is a text and signs as it stands. */
export const textSecret = (number: number): Secret<string> => {
  const told = `secret ${number} of a test`;
  return { told, key: told };
};

/** A secret of Standard Webhooks: the base64 is what signs when it is decoded. */
export const whsecSecret = (number: number): Secret<Buffer> => {
  const key = bytes(number);
  return { told: `whsec_${key.toString('base64')}`, key };
};

/** As `whsecSecret`, in hex and without a prefix. */
export const hexSecret = (number: number): Secret<Buffer> => {
  const key = bytes(number);
  return { told: key.toString('hex'), key };
};

/** A key pair of Ed25519, whose public half is written as `write` does. */
export const ed25519Secret =
  (write: (raw: Buffer) => string) =>
  (number: number): Secret<KeyObject> => {
    // A private key in PKCS #8 is this and the seed: https://www.rfc-editor.org/rfc/rfc8410#section-7
    const start = Buffer.from('302e020100300506032b657004220420', 'hex');
    const der = Buffer.concat([start, bytes(number)]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
    return { told: write(Buffer.from(x, 'base64url')), key };
  };

/** A key pair on P-256, whose public half is base64 of SPKI. */
export const p256Secret = (number: number): Secret<KeyObject> => {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(bytes(number));
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', d: bytes(number).toString('base64url'), x: x!, y: y! };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return { told: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'), key };
};

/** A topic: there is one key, that of SNS. */
export const topicSecret = (number: number): Secret<KeyObject> => ({
  told: `arn:aws:sns:us-east-1:12345678901${number}:orders`,
  key: snsKey,
});

/**
 * The key that signs as SNS in the tests, and certificates of it in certificates/. They were made, and can be made again, with
 * `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem` and, for sns.pem,
 * `openssl req -x509 -new -key key.pem -subj /O=Test/CN=sns.amazonaws.com -days 365 -out sns.pem`; sns-signing.pem and other-name.pem
 * have another CN, other-key.pem an Ed25519 key. They are valid for times from 26 November 2026 to 24 November 2027.
 */
const snsKey = createPrivateKey(readFileSync(new URL('certificates/key.pem', import.meta.url)));

/** The certificate in certificates/ that the last part of the URL names. Rejects where there is none, as fetching it would. */
export async function fetchCertificate(url: string): Promise<string> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  return readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');
}

function bytes(number: number): Buffer {
  return hash('sha256', `key ${number} of a test`, 'buffer');
}
