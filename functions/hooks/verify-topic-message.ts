import { verify as verifyWithKey, X509Certificate } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from './delivery.ts';
import type { Key } from './keys.ts';
import type { Refusal } from './scheme.ts';

/** The fields of a message of AWS SNS, each a text (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). */
export type TopicMessage = Readonly<Partial<Record<string, string>>>;

/** Fetches a text over HTTPS, without following redirections. Throws when that fails. */
export type FetchText = (url: string) => Promise<string>;

const ofConfirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const ofNotification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
/** What is signed, by the message's type, in this order (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). */
const signedFields = new Map<string | undefined, readonly string[]>([
  ['Notification', ofNotification],
  ['SubscriptionConfirmation', ofConfirmation],
  ['UnsubscribeConfirmation', ofConfirmation],
]);
const hashes = new Map<string | undefined, string>([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);
/** SNS has one certificate a region at a time. */
const certificates = new Map<string, X509Certificate>();
const mostCertificates = 20;

/**
 * Checks a message of AWS SNS: of a topic that may send, signed with a certificate that is fetched from SNS itself. The
 * time of publishing stays the same over retries, so it is not checked for age; the certificate must be valid at it. Throws what `fetchText`
 * throws, so that the sender tries again.
 */
export async function verifyTopicMessage(
  delivery: RawDelivery,
  keys: readonly Key[],
  fetchText: FetchText,
): Promise<VerifiedDelivery | Refusal> {
  if (keys.length === 0) return 'no usable secret';
  const message = readTopicMessage(delivery.body);
  const fields = message && signedFields.get(message['Type']);
  if (!fields || !isUnambiguous(fields, message)) return 'malformed message';
  const match = keys.findIndex((key) => key.kind === 'topic' && key.arn === message['TopicArn']);
  if (match < 0) return 'other topic';
  const hash = hashes.get(message['SignatureVersion']);
  if (!hash) return 'unknown version';
  const { Signature: signature, SigningCertURL: address = '' } = message;
  if (!signature) return 'no signature';
  if (!isAddressOfSns(address, message) || !isPlainPath(new URL(address), address))
    return 'untrusted certificate address';
  const certificate = await certificateAt(address, fetchText);
  if (!certificate || !isValidAt(certificate, message['Timestamp'])) return 'untrusted certificate';
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return 'malformed signature';
  const content = fields
    .filter((field) => message[field] !== undefined)
    .map((field) => `${field}\n${message[field]}\n`)
    .join('');
  return verifyWithKey(hash, Buffer.from(content), certificate.publicKey, bytes)
    ? new VerifiedDelivery(delivery, match)
    : 'wrong signature';
}

/** The fields of a notification that are signed: the others may be anybody's. */
export function signedPart(message: TopicMessage): TopicMessage {
  return Object.fromEntries(Object.entries(message).filter(([field]) => ofNotification.includes(field)));
}

/** The message that a body is; undefined when it is not an object whose fields are texts. */
export function readTopicMessage(body: Buffer): TopicMessage | undefined {
  try {
    const value = JSON.parse(body.toString()) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // MessageAttributes, the one field that is no text, is not signed.
    return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === 'string'));
  } catch {
    return undefined;
  }
}

/** Is a URL one of SNS in the region of the message's topic? Anybody could name a host of their own in an unsigned message. */
export function isAddressOfSns(address: string, message: TopicMessage): boolean {
  const region = message['TopicArn']?.split(':')[3] ?? '';
  const suffix = message['TopicArn']?.startsWith('arn:aws-cn:') ? '.com.cn' : '.com';
  const origin = `https://sns.${region}.amazonaws${suffix}`;
  return URL.canParse(address) && new URL(address).origin === origin && address.startsWith(`${origin}/`);
}

/**
 * Only Message may have lines: the signature does not tell a line of a field from the field after it, so that a message could be
 * given another MessageId, and would be another event.
 */
function isUnambiguous(fields: readonly string[], message: TopicMessage): boolean {
  return fields.every((field) => field === 'Message' || !message[field]?.includes('\n'));
}

/** A file and no query: the API of SNS answers at the same host, with texts that its callers choose. */
function isPlainPath({ origin }: URL, address: string): boolean {
  return /^\/[\w-]+\.pem$/.test(address.slice(origin.length));
}

/** Undefined when what is there is no certificate of SNS with an RSA key. */
async function certificateAt(address: string, fetchText: FetchText): Promise<X509Certificate | undefined> {
  const known = certificates.get(address);
  if (known) return known;
  const certificate = readCertificate(await fetchText(address));
  if (!certificate) return undefined;
  if (certificates.size >= mostCertificates) certificates.clear();
  certificates.set(address, certificate);
  return certificate;
}

/** The names of SNS by region: https://github.com/aws/aws-sdk-java-v2/blob/master/services-custom/sns-message-manager/src/main/java/software/amazon/awssdk/messagemanager/sns/internal/SnsHostProvider.java */
const nameOfSns = /^CN=sns(?:-signing)?(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/m;

function readCertificate(text: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(text);
    const isRsa = certificate.publicKey.asymmetricKeyType === 'rsa';
    return isRsa && nameOfSns.test(certificate.subject) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, timestamp = ''): boolean {
  const time = Date.parse(timestamp);
  return time >= validFromDate.getTime() && time <= validToDate.getTime();
}
