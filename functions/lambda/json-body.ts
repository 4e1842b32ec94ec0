import {
  badRequest,
  escapePointer,
  payloadTooLarge,
  unknownField,
  unsupportedMediaType,
  type Fault,
} from './problem.ts';

/** The part of an HTTP request that a body is read from: what API Gateway delivers (payload format 2.0). */
export interface BodyCarrier {
  body?: string | undefined;
  isBase64Encoded: boolean;
  headers: Record<string, string | undefined>;
}

/** Deepest nesting that is read: a decision of the contract. */
export const maxDepth = 32;
const reservedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The bytes of a body as they were sent; none when there is no body. */
export function rawBody({ body, isBase64Encoded }: BodyCarrier): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** A body's JSON value, undefined when the body is empty, and what is wrong with it wherever it stands. */
export interface JsonBody {
  value: unknown;
  /** Lone surrogates, and keys that JavaScript reserves: to be told together with the faults of the fields. */
  faults: readonly Fault[];
}

/**
 * Reads the JSON of a request's body. `limit` is in bytes. Throws Problem 413 above it, 415 for another content type, 400
 * for what is not UTF-8, not JSON, or nested deeper than 32 levels.
 */
export function readJsonBody(request: BodyCarrier, limit: number): JsonBody {
  const bytes = rawBody(request);
  if (bytes.length > limit) throw payloadTooLarge(limit);
  if (bytes.length === 0) return { value: undefined, faults: [] };
  requireJson(request.headers['content-type']);
  const value = parseJson(bytes);
  return { value, faults: faultsAnywhere(value) };
}

/** Parses UTF-8 JSON, skipping a byte order mark. Throws Problem 400. Any depth and any text is taken. */
export function parseJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest({ title: 'The body is not valid UTF-8', pointer: '' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest({
      title: 'The body is not valid JSON',
      detail: whereJsonBreaks((error as Error).message),
      pointer: '',
    });
  }
}

/** V8 quotes the text it could not parse; only the place is ours to repeat. */
function whereJsonBreaks(message: string): string {
  const place = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  if (place) return `It stops being JSON ${place}.`;
  return message.includes('end of JSON') ? 'It ends too early.' : 'It is not JSON from the start.';
}

function requireJson(contentType: string | undefined): void {
  if (contentType === undefined) return;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  const isJson = /^application\/(?:[\w.+-]+\+)?json$/.test(type.trim());
  const isUtf8 = !charset || /^charset="?utf-?8"?$/.test(charset.trim());
  if (!isJson || !isUtf8) throw unsupportedMediaType(contentType);
}

/** Walks the value without recursion, so that no depth of nesting can overflow the stack. */
function faultsAnywhere(root: unknown): Fault[] {
  const faults: Fault[] = [];
  const rest: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 1 }];
  for (let node = rest.pop(); node; node = rest.pop()) {
    const { value, pointer, depth } = node;
    if (typeof value === 'string' && !value.isWellFormed()) faults.push(loneSurrogate(pointer));
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) {
      throw badRequest({
        title: `The body is nested deeper than ${maxDepth} levels`,
        pointer: pointer.split('/').slice(0, 4).join('/'),
      });
    }
    for (const key of Object.keys(value)) {
      const at = `${pointer}/${escapePointer(key)}`;
      if (!key.isWellFormed()) faults.push(loneSurrogate(at));
      if (reservedKeys.has(key)) faults.push(unknownField(at));
      else rest.push({ value: (value as Record<string, unknown>)[key], pointer: at, depth: depth + 1 });
    }
  }
  return faults;
}

function loneSurrogate(pointer: string): Fault {
  return {
    title: `${pointer} is not Unicode text`,
    detail: 'It holds half of a surrogate pair.',
    pointer,
  };
}
