import * as z from 'zod/mini';
import { canonicalRef, refKinds, refRules, type NamedCustomer, type RefKind } from './customer-ref.ts';

/**
 * The `customer` of a draft that names one: its id as a text, or an object with exactly one kind of reference. Comes out in its one way
 * of writing.
 */
export const customerField = z.pipe(
  z.custom<unknown>().check(({ value, issues }) => {
    if (typeof value === 'string') {
      if (canonicalRef('id', value) === undefined) issues.push(mustBe(refRules.id, value));
      return;
    }
    if (!isObject(value)) {
      issues.push(mustBe(`an object id, or an object with ${one}`, value));
      return;
    }
    const keys = Object.keys(value);
    const kinds = keys.filter(isRefKind);
    if (kinds.length !== 1)
      issues.push({ code: 'custom', message: `must have exactly ${one}`, input: value });
    for (const kind of kinds) {
      const text = value[kind];
      const rule = typeof text === 'string' ? refRules[kind] : 'a string';
      if (typeof text !== 'string' || canonicalRef(kind, text) === undefined)
        issues.push(mustBe(rule, value, kind));
    }
    const unknown = keys.filter((key) => !isRefKind(key));
    if (unknown.length > 0) issues.push({ code: 'unrecognized_keys', keys: unknown, input: value });
  }),
  z.transform(canonical),
);

const one = 'one of id, email, phone and externalId';

/** Of a value without faults. */
function canonical(value: unknown): NamedCustomer {
  if (typeof value === 'string') return value;
  const [[kind, text] = []] = Object.entries(value as Record<RefKind, string>);
  return canonicalRef(kind as RefKind, text!)!;
}

function mustBe(rule: string, input: unknown, ...path: RefKind[]) {
  return { code: 'custom' as const, message: `must be ${rule}`, input, path };
}

function isRefKind(key: string): key is RefKind {
  return refKinds.some((kind) => kind === key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
