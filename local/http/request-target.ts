import { unescape } from 'node:querystring';

/** A request target, taken apart. */
export interface RequestTarget {
  /** Percent-decoded: API Gateway decodes before it looks for a route, so `%2F` separates segments. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly rawQueryString: string;
}

/**
 * @param target of the request line: `/path?query`, or the absolute form a proxy is sent
 * @returns undefined for a malformed percent escape or a target that is no path, which API Gateway answers with 400
 */
export function parseTarget(target: string): RequestTarget | undefined {
  const relative = target.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const mark = relative.indexOf('?');
  const escaped = mark === -1 ? relative : relative.slice(0, mark);
  if (!escaped.startsWith('/')) return undefined;
  try {
    // A decoded question mark ends the path as a plain one does.
    const [path = ''] = decodeURIComponent(escaped).split('?');
    return { path, rawQueryString: mark === -1 ? '' : relative.slice(mark + 1) };
  } catch {
    return undefined;
  }
}

/**
 * @returns decoded names and values, repeated names joined by commas; undefined when there is no query
 */
export function queryStringParameters(rawQueryString: string): Record<string, string> | undefined {
  const found = new Map<string, string>();
  for (const pair of rawQueryString.split('&')) {
    if (pair === '') continue;
    const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
    const key = unescape(name);
    const decoded = unescape(value.join('='));
    const before = found.get(key);
    found.set(key, before === undefined ? decoded : `${before},${decoded}`);
  }
  return found.size === 0 ? undefined : Object.fromEntries(found);
}
