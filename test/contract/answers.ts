import { expect } from '@jest/globals';
import type { Answer } from './local-system.ts';
import { expectPublished } from './response-schemas.ts';

/** An entry of an error answer. */
export interface ErrorEntry {
  status: number;
  code: string;
  title: string;
  source?: { pointer?: string; parameter?: string };
  meta?: Record<string, unknown>;
}

/** A conversation in an answer. */
export interface ConversationResource {
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, unknown>;
  links: { self: string };
}

/** Expects an answer with one conversation, as published, and returns that. */
export function conversationIn({ status, body }: Answer, expected: number): ConversationResource {
  expect({ status, body }).toMatchObject({ status: expected });
  expectPublished('conversation', body);
  return (body as { data: ConversationResource }).data;
}

/** Expects an error answer in the contract's shape, each entry with this status and code, and returns the entries. */
export function errorsIn({ status, body }: Answer, expected: number, code: string): ErrorEntry[] {
  expect({ status, body }).toMatchObject({ status: expected });
  expectPublished('errors', body);
  const { errors } = body as { errors: ErrorEntry[] };
  for (const entry of errors) expect(entry).toMatchObject({ status: expected, code });
  return errors;
}

/** Where the errors are: JSON pointers, or names of parameters. */
export function placesIn(errors: readonly ErrorEntry[]): (string | undefined)[] {
  return errors.map(({ source }) => source?.pointer ?? source?.parameter);
}

/** Expects the headers that every answer carries. */
export function expectHeaders({ headers }: Answer): void {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-cache, private');
  expect(headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
}
