import { hash } from 'node:crypto';
import type { RawDelivery } from './delivery.ts';
import type { Part, Refusal } from './scheme.ts';

/** What a signature is over: a delivery, and the timestamp and id that stand beside the signature. */
export interface Signable {
  delivery: RawDelivery;
  timestamp: string | undefined;
  id: string | undefined;
}

/** What is signed, piece by piece: joining would copy the body. */
export type Pieces = readonly (string | Buffer)[];

/**
 * What may have been signed, according to `parts`. More than one when the URL is part of it: senders sign it with or without the
 * default port (https://www.twilio.com/docs/usage/security). Or why it cannot be told.
 */
export function signedContents(parts: readonly Part[], signable: Signable): Pieces[] | Refusal {
  const { delivery } = signable;
  const urls = parts.includes('url') || parts.includes('escaped url') ? urlForms(delivery.url) : [''];
  const contents: Pieces[] = [];
  for (const url of urls) {
    const pieces: (string | Buffer)[] = [];
    for (const part of parts) {
      const piece = pieceOf(part, signable, url);
      if (typeof piece === 'object' && 'refusal' in piece) return piece.refusal;
      pieces.push(piece);
    }
    contents.push(pieces);
  }
  return contents;
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

/** A URL as it is, and with its port left out, or with the default one put in. Never normalised otherwise. */
function urlForms(url: string): string[] {
  const [, scheme = '', user = '', host = '', port = '', rest = ''] =
    /^(https?:\/\/)([^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/s.exec(url) ?? [];
  if (scheme === '') return [url];
  const otherPort = port === '' ? (scheme === 'https://' ? ':443' : ':80') : '';
  return [url, `${scheme}${user}${host}${otherPort}${rest}`];
}

/** https://developers.hubspot.com/docs/api/webhooks/validating-requests: these are decoded before the URL is signed. */
function decodeSomeEscapes(url: string): string {
  return url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
}

/**
 * Twilio's two forms (https://www.twilio.com/docs/usage/webhooks/webhooks-security): a form's parameters by their names, name
 * and value joined, of equal ones one; for every other body its SHA-256 stands in the query, which is signed with the URL.
 */
function formOrBodyHash({ body, headers, url }: RawDelivery): string | { refusal: Refusal } {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1).split('#')[0]);
  const bodyHashes = url.includes('?') ? query.getAll('bodySHA256') : [];
  if (bodyHashes.length > 0) {
    const isCovered = bodyHashes.length === 1 && bodyHashes[0] === hash('sha256', body);
    return isCovered ? '' : { refusal: 'body not covered by the signature' };
  }
  if (body.length === 0) return '';
  if (!headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return { refusal: 'body not covered by the signature' };
  }
  const form = new URLSearchParams(body.toString());
  return [...new Set(form.keys())]
    .sort()
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}
