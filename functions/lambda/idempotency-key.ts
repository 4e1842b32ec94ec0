import { badRequest, Problem } from './problem.ts';

/**
 * The Idempotency-Key of a request, or undefined when there is none. Throws Problem 400 when it is not 1 to 255
 * visible ASCII characters: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function readIdempotencyKey(headers: Record<string, string | undefined>): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw badRequest({
    title: 'The Idempotency-Key must be 1 to 255 visible ASCII characters, without blanks',
    detail: `It has ${key.length} characters.`,
    parameter: 'idempotency-key',
  });
}

/** 422: the key was used with another request. */
export function idempotencyKeyReused(): Problem {
  return new Problem(422, 'idempotency_key_reused', [
    {
      title: 'The Idempotency-Key was used before with another body',
      detail: 'Nothing was written. Use a new key for each new request, and the same only to repeat one.',
      parameter: 'idempotency-key',
    },
  ]);
}

/** The header of an answer that is given again. */
export const replayed = { 'idempotency-replayed': 'true' };
