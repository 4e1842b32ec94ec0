import type * as z from 'zod/mini';
import { escapePointer, unknownField, type Fault } from '../lambda/problem.ts';

/** What Zod found wrong with `value`, as the contract's faults: one for each field, in the order of the schema. */
export function faultsOf(error: z.core.$ZodError, value: unknown): Fault[] {
  return error.issues.flatMap((issue) => {
    const pointer = issue.path.map((token) => `/${escapePointer(String(token))}`).join('');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownField(`${pointer}/${escapePointer(key)}`));
    }
    const found = at(value, issue.path);
    const rule = found === undefined ? 'is required' : ruleOf(issue);
    return [{ title: `${pointer || 'The body'} ${rule}`, detail: `It ${describe(found)}.`, pointer }];
  });
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${names[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.message === 'Invalid input' ? `must be one of: ${issue.values.join(', ')}` : issue.message;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must ${issue.origin === 'array' ? `have at most ${String(issue.maximum)} items` : `be at most ${String(issue.maximum)}`}`;
    default:
      return issue.message;
  }
}

const names: Partial<Record<string, string>> = {
  string: 'a string',
  int: 'a whole number',
  number: 'a number',
  array: 'an array',
  object: 'an object',
};

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Tells the kind and size of what came, never its content: errors end up in logs. */
function describe(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is null';
  if (typeof value === 'string') return `is a string of ${[...value].length} characters`;
  if (Array.isArray(value)) return `is an array of ${value.length} items`;
  return typeof value === 'object' ? 'is an object' : `is the ${typeof value} ${String(value)}`;
}
