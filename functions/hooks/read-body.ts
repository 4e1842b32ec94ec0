import { hash } from 'node:crypto';
import { parseJson } from '../lambda/json-body.ts';
import { badRequest } from '../lambda/problem.ts';
import type { RawDelivery } from './delivery.ts';

/** Is the body a form rather than JSON? */
export function isForm({ headers }: Pick<RawDelivery, 'headers'>): boolean {
  return headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
}

/** A form's fields, of repeated ones the last. */
export function readForm(body: Buffer): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

/** The text of one field of a form. Throws Problem 400 when there is none. */
export function formField(body: Buffer, name: string): string {
  const value = new URLSearchParams(body.toString()).get(name);
  if (value === null) throw badRequest({ title: `The form has no field ${name}`, pointer: '' });
  return value;
}

/**
 * The JSON of a body that has `word` somewhere; undefined when it has not, or is no JSON. For telling handshakes from events: to
 * look for a word costs next to nothing, to read every body twice does.
 */
export function jsonWith(word: string, body: Buffer): unknown {
  if (!body.includes(word)) return undefined;
  try {
    return parseJson(body);
  } catch {
    return undefined; // Reading its events tells what is wrong with it.
  }
}

/** A value of a body as JSON. Throws Problem 400 for one that is nested too deep to be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw badRequest({ title: 'The body is nested too deep', pointer: '' });
  }
}

/** What a payload has at a path of field names, when it is a text or a number, as text; undefined otherwise. */
export function textAt(payload: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    payload,
  );
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** An id for what has none of its own: the same bytes, or the same parts, are the same event. */
export function hashedEventId(...parts: readonly (string | Buffer)[]): string {
  const texts = parts.map((part) => (typeof part === 'string' ? part : hash('sha256', part)));
  return `sha256:${hash('sha256', JSON.stringify(texts))}`;
}
