import { hash } from 'node:crypto';
import type { RawDelivery } from './delivery.ts';
import type { Part, Refusal } from './scheme.ts';

/** What a signature is over: a delivery, and the timestamp and id that stand beside the signature. */
export interface Signable {
  delivery: RawDelivery;
  timestamp: string | undefined;
  id: string | undefined;
}

/** More than any sender's forms have. */
const mostFields = 1000;

/** What is signed, piece by piece: joining would copy the body. */
export type Pieces = readonly (string | Buffer)[];

/**
 * What was signed according to `parts`, if the sender called this `url`: texts that follow one another in one piece. Or why it cannot
 * be told.
 */
export function signedContent(parts: readonly Part[], signable: Signable, url: string): Pieces | Refusal {
  const pieces: (string | Buffer)[] = [];
  let text = '';
  for (const part of parts) {
    const piece = pieceOf(part, signable, url);
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    if ('refusal' in piece) return piece.refusal;
    if (text !== '') pieces.push(text);
    text = '';
    pieces.push(piece);
  }
  if (text !== '') pieces.push(text);
  return pieces;
}

function pieceOf(
  part: Part,
  { delivery, timestamp, id }: Signable,
  url: string,
): string | Buffer | { refusal: Refusal } {
  switch (part) {
    case 'body':
      return delivery.body;
    case 'timestamp':
      return timestamp ?? { refusal: 'no timestamp' };
    case 'id':
      return id ?? { refusal: 'no id' };
    case 'method':
      return delivery.method;
    case 'url':
      return url;
    case 'escaped url':
      return decodeSomeEscapes(url);
    case 'form or body hash':
      return formOrBodyHash(delivery);
    default:
      return part.text;
  }
}

/** Is the URL part of what is signed? Then it may have been signed in its other form. */
export function signsUrl(parts: readonly Part[]): boolean {
  return parts.includes('url') || parts.includes('escaped url');
}

/**
 * A URL without its port, or with the default one where it has none: senders sign either
 * (https://www.twilio.com/docs/usage/security). Never normalised otherwise.
 */
export function otherFormOf(url: string): string {
  const [, scheme = '', user = '', host = '', port = '', rest = ''] =
    /^(https?:\/\/)([^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/s.exec(url) ?? [];
  if (scheme === '') return url;
  const otherPort = port === '' ? (scheme === 'https://' ? ':443' : ':80') : '';
  return `${scheme}${user}${host}${otherPort}${rest}`;
}

/** https://developers.hubspot.com/docs/api/webhooks/validating-requests: these are decoded before the URL is signed. */
function decodeSomeEscapes(url: string): string {
  if (!url.includes('%')) return url;
  return url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
}

/**
 * Twilio's two forms (https://www.twilio.com/docs/usage/webhooks/webhooks-security): a form's parameters by their names, name
 * and value joined, of equal ones one; for every other body its SHA-256 stands in the query, which is signed with the URL.
 */
function formOrBodyHash({ body, headers, url }: RawDelivery): string | { refusal: Refusal } {
  const at = url.search(/[?&]bodySHA256=/);
  if (at >= 0) {
    const [bodyHash, ...others] = url
      .slice(at)
      .split(/[?&]bodySHA256=/)
      .slice(1);
    const isCovered = others.length === 0 && bodyHash?.split(/[&#]/)[0] === hash('sha256', body);
    return isCovered ? '' : { refusal: 'body not covered by the signature' };
  }
  if (body.length === 0) return '';
  if (!headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return { refusal: 'body not covered by the signature' };
  }
  if (hasTooManyFields(body)) return { refusal: 'malformed message' };
  // URLSearchParams looks for the = of a field that has none in all that follows.
  const form = body.toString().replace(/(^|&)([^=&]+)(?=&|$)/g, '$1$2=');
  const fields = [...new URLSearchParams(form)].sort(
    ([name, value], [other, otherValue]) => ordered(name, other) || ordered(value, otherValue),
  );
  let text = '';
  for (const [index, [name, value]] of fields.entries()) {
    const [before, valueBefore] = fields[index - 1] ?? [];
    if (name !== before || value !== valueBefore) text += name + value;
  }
  return text;
}

/** To sort many takes long, and this body is not yet known to be anybody's. */
function hasTooManyFields(body: Buffer): boolean {
  let at = -1;
  for (let count = 0; count < mostFields; count++) {
    at = body.indexOf('&', at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** By UTF-16 code units, as JavaScript sorts texts. */
function ordered(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
