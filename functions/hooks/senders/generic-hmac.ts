import { genericParts, type GenericEnvelope, type GenericOptions } from '../generic-events.ts';
import type { Freshness, Part, SignatureHeaders, SignatureScheme } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** How a sender that no other file knows makes its HMACs. */
export interface HmacOptions extends GenericOptions {
  /** The header with the signature. */
  header: string;
  hash: 'sha1' | 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
  /** How the secret's text is made a key: as it stands unless told. */
  key?: 'text' | 'hex' | 'base64';
  /** What stands before each signature, e.g. `sha256=`. */
  label?: string;
  /** One signature, or a list of them, split at a separator. */
  form?: SignatureScheme['form'];
  /** Where the time stands that is signed: a header, or `signature` for `t=…` in the signature's own list. */
  timestamp?: { header: string } | 'signature';
  /** Seconds unless told. */
  unit?: Freshness['unit'];
  /** Seconds that the time may differ from now: 300 unless told. */
  tolerance?: number;
  /** The header with the id that is signed. */
  id?: string;
  /** What is signed, in this order: unless told the id and the time, where there are any, and the body, with dots between. */
  signed?: readonly Part[];
}

/**
 * A sender that signs with HMAC in a way of its own. For example those of https://github.com/frain-dev/convoy, which joins time and
 * body with a comma: `hmacSender({ name: 'convoy', header: 'x-convoy-signature', hash: 'sha256', encoding: 'hex', label: 'v1=',
 * timestamp: 'signature', signed: ['timestamp', { text: ',' }, 'body'], eventId: { field: ['uid'] } })`.
 * Throws an Error when the body, the time or the id would not be signed: anybody could alter it then.
 */
export function hmacSender(options: HmacOptions): Sender<GenericEnvelope> {
  const { hash, encoding, key = 'text', label = '', timestamp, unit = 's', tolerance = 300 } = options;
  const { form = timestamp === 'signature' ? { separator: ',' } : 'one' } = options;
  const stands = { timestamp: timestamp !== undefined, id: options.id !== undefined, body: true };
  const { signed = signedUnlessTold(stands) } = options;
  for (const part of ['timestamp', 'id', 'body'] as const) {
    if (signed.includes(part) !== stands[part])
      throw new Error(`${options.name}: ${part} must be both told and signed`);
  }
  return {
    ...genericParts(options),
    scheme: {
      kind: 'signature',
      headers: [headersOf(options)],
      form,
      encoding,
      signed,
      methods: [{ algorithm: 'hmac', hash, key, label }],
      ...(timestamp && {
        freshness: { tolerance, in: timestamp === 'signature' ? timestamp : 'header', unit },
      }),
    },
  };
}

function signedUnlessTold(stands: Record<'timestamp' | 'id', boolean>): Part[] {
  const before = (['id', 'timestamp'] as const).filter((part) => stands[part]);
  return [...before.flatMap((part) => [part, { text: '.' }]), 'body'];
}

function headersOf({ header, timestamp, id }: HmacOptions): SignatureHeaders {
  return {
    signature: header.toLowerCase(),
    ...(typeof timestamp === 'object' && { timestamp: timestamp.header.toLowerCase() }),
    ...(id !== undefined && { id: id.toLowerCase() }),
  };
}

/** HMAC-SHA256 of the body in hex, in `x-signature`; the event's id is the body's `id`. */
export const genericHmac = hmacSender({
  name: 'generic-hmac',
  header: 'x-signature',
  hash: 'sha256',
  encoding: 'hex',
  eventId: { field: ['id'] },
});
