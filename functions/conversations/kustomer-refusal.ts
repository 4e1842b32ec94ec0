import { maxFaults, Problem, type Fault } from '../lambda/problem.ts';

/** An answer of Kustomer's, its body as it came. */
export interface VendorAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Longest text of the vendor's that is passed on, in UTF-16 units. */
const longestText = 1000;
/** Milliseconds: the vendor counts requests by the minute (concepts/rate-limits). */
const window = 60_000;
/** Milliseconds that nothing waits longer, whatever a header says. */
const longestPause = 15 * 60_000;

/** What a 4xx says without a body that can be read. */
const codes: Partial<Record<number, string>> = {
  400: 'bad_request',
  404: 'notfound',
  409: 'conflict',
  413: 'payload_too_large',
  429: 'rate_limited',
};

/**
 * The vendor's 4xx as a Problem with its own titles, codes and pointers, from either shape of body that it documents (concepts/errors);
 * a body that cannot be read leaves the status to speak. A 429 passes on when the limit is reset. `now` in ms.
 */
export function refusalOf({ status, headers, text }: VendorAnswer, now: number): Problem {
  const entries = errorsIn(text);
  const code = textIn(entries[0]?.['code']) ?? codes[status] ?? 'refused';
  const faults = entries.slice(0, maxFaults).map((entry) => faultOf(entry, status));
  if (faults.length === 0) faults.push({ title: titleOf(status) });
  return new Problem(status, code, faults, {
    headers: status === 429 ? limitHeaders(headers, now) : {},
    reason: 'refused by Kustomer',
  });
}

/** When a limit is reset, in ms since 1970; undefined when the headers do not say. `now` in ms. */
export function resetOf(headers: Headers, now: number): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  // Epoch seconds, as documented. A small number can only be meant as seconds to wait.
  const at = reset > 1_000_000_000 ? reset * 1000 : now + reset * 1000;
  const found = Number.isFinite(at) ? at : retryAfter(headers.get('retry-after'), now);
  return found === undefined ? undefined : Math.min(found, now + longestPause);
}

/** The entries of a body's `errors`; none when it has another shape. */
export function errorsIn(text: string): Record<string, unknown>[] {
  try {
    const { errors } = (JSON.parse(text) ?? {}) as { errors?: unknown };
    return Array.isArray(errors) ? errors.filter(isObject) : [];
  } catch {
    return [];
  }
}

function faultOf(entry: Record<string, unknown>, status: number): Fault {
  const source = isObject(entry['source']) ? entry['source'] : {};
  const detail = textIn(entry['detail']);
  const pointer = textIn(source['pointer']);
  const parameter = textIn(source['parameter']);
  return {
    title: textIn(entry['title']) ?? textIn(entry['message']) ?? detail ?? titleOf(status),
    ...(detail !== undefined && { detail }),
    ...(pointer !== undefined && { pointer }),
    ...(parameter !== undefined && pointer === undefined && { parameter }),
    ...(isObject(entry['meta']) && { meta: entry['meta'] }),
  };
}

function titleOf(status: number): string {
  return `Kustomer refused the request with status ${status}`;
}

function limitHeaders(headers: Headers, now: number): Record<string, string> {
  const reset = resetOf(headers, now) ?? now + window;
  const passed = ['x-ratelimit-limit', 'x-ratelimit-remaining'].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    'x-ratelimit-reset': String(Math.ceil(reset / 1000)),
    'retry-after': String(Math.max(1, Math.ceil((reset - now) / 1000))),
  };
}

/** Seconds, or an HTTP date (RFC 9110, section 10.2.3), as ms since 1970. */
function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longestText).toWellFormed() : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
