/** How a sender proves that a delivery is its own, as data. Knows no sender's name. */
export type Scheme = SignatureScheme | TokenScheme | TopicScheme;

/** A signature over parts of the delivery, in a header. */
export interface SignatureScheme {
  kind: 'signature';
  /**
   * The headers, in lower case, by the families in which a sender may use them: the first of which any is there counts.
   */
  headers: readonly SignatureHeaders[];
  /** `one` signature and nothing else; or a list of them, split at a separator, any of which will do. */
  form: 'one' | { separator: ',' | ' ' };
  encoding: 'hex' | 'base64';
  /** What is signed, in this order. */
  signed: readonly Part[];
  /** How it is signed: which of several follows from how the secret begins. Each has a label of its own. */
  methods: readonly SigningMethod[];
  freshness?: Freshness;
}

/** Where a signature, and what is signed with it, stands. */
export interface SignatureHeaders {
  signature: string;
  timestamp?: string;
  id?: string;
}

/**
 * A part of what is signed: a header's text as it was received, the body's bytes, the request's method or URL; `escaped url` is
 * the URL with some percent escapes decoded, as HubSpot does; `form or body hash` is a form's parameters sorted and joined, or
 * nothing when the URL's query has the body's own hash, as Twilio does.
 */
export type Part =
  { text: string } | 'timestamp' | 'id' | 'body' | 'method' | 'url' | 'escaped url' | 'form or body hash';

/** One way to sign. */
export interface SigningMethod {
  /** `digest` is a plain hash over the secret and what is signed. */
  algorithm: 'hmac' | 'digest' | 'ed25519' | 'ecdsa';
  hash?: 'sha1' | 'sha256' | 'sha512';
  /** How a secret's text is made a key: as it stands, decoded, or (`spki`) as a public key in base64 of DER. */
  key: 'text' | 'hex' | 'base64' | 'spki';
  /** What the secret begins with: not part of the key. One that begins like no method's is a key of the last method. */
  prefix?: string;
  /** What stands before each signature, e.g. `sha256=`; none when it is empty. */
  label: string;
}

/** How old a delivery may be, on both sides of now. Without it a delivery is never too old. */
export interface Freshness {
  /** In seconds. */
  tolerance: number;
  /** Where the time stands: a header, the signature's own header (`t=…`), or a field of the JSON body. */
  in: 'header' | 'signature' | { field: string };
  unit: 's' | 'ms' | 'rfc3339';
}

/** A secret that is sent as it is. */
export interface TokenScheme {
  kind: 'token';
  /** In lower case. */
  header: string;
  /** `basic` is base64 of `user:password`, which is the secret. */
  form: 'bearer' | 'basic' | 'plain';
}

/** A message of AWS SNS: signed inside, with a certificate of AWS. The secrets are the ARNs of the topics that may send. */
interface TopicScheme {
  kind: 'topic';
}

/** Why a delivery is refused: for our log, never for the sender. */
export type Refusal =
  | 'no usable secret'
  | 'no signature'
  | 'malformed signature'
  | 'unknown version'
  | 'wrong signature'
  | 'no timestamp'
  | 'malformed timestamp'
  | 'too old'
  | 'in the future'
  | 'no id'
  | 'body not covered by the signature'
  | 'malformed message'
  | 'other topic'
  | 'untrusted certificate address'
  | 'untrusted certificate';

/** HMAC with SHA-256 keyed with the secret's text: what most senders use. */
export const hmacSha256 = (label: string): SigningMethod => ({
  algorithm: 'hmac',
  hash: 'sha256',
  key: 'text',
  label,
});
