import { isDateTime } from './date-time.ts';
import { hasAtMost } from './text.ts';

/** A custom attribute's value: what JSON has besides arrays and objects. Null clears a value, for every type. */
export type CustomValue = string | number | boolean | null;

interface Kind {
  rule: string;
  accepts(value: unknown): boolean;
}

/** By suffix of the key, after https://developer.kustomer.com/docs/concepts/custom-attributes */
const kinds: Record<string, Kind> = {
  Num: { rule: 'must be a number or null', accepts: (value) => Number.isFinite(value) },
  At: {
    rule: 'must be an RFC 3339 date-time or null',
    accepts: (value) => typeof value === 'string' && isDateTime(value),
  },
  Str: { rule: 'must be a string of at most 1024 characters or null', accepts: isShortText },
  Txt: { rule: 'must be a string of at most 1024 characters or null', accepts: isShortText },
  Bool: { rule: 'must be true, false or null', accepts: (value) => typeof value === 'boolean' },
  Url: { rule: 'must be an absolute URI or null', accepts: isUri },
};
const keyPattern = new RegExp(`^[A-Za-z]\\w*(${Object.keys(kinds).join('|')})$`);

/** Most keys of one request. */
export const maxCustomKeys = 100;

/**
 * What is wrong with one custom attribute: `unknown` when the key has no known suffix, else the rule of its kind
 * in words; undefined when all is well.
 */
export function customAttributeFault(key: string, value: unknown): 'unknown' | (string & {}) | undefined {
  const suffix = keyPattern.exec(key)?.[1];
  const kind = suffix === undefined ? undefined : kinds[suffix];
  if (!kind) return 'unknown';
  return value === null || kind.accepts(value) ? undefined : kind.rule;
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && hasAtMost(1024, value);
}

/** An absolute URI (RFC 3986), or IRI (RFC 3987): a scheme, no blanks, no characters that must be escaped. */
function isUri(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`\p{Cc}]+$/iu.test(value) &&
    URL.canParse(value)
  );
}
