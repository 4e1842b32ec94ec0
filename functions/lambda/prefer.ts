const token = "[!#$%&'*+.^_`|~\\w-]+";
const word = `(?:${token}|"(?:[^"\\\\]|\\\\.)*")`;
const parameter = `${token}(?:[ \\t]*=[ \\t]*${word}?)?`;
/** One preference of the list, with the comma before it: its name, and its value if it has one (RFC 7240, section 2). */
const preference = new RegExp(
  `[ \\t]*(?:,[ \\t]*)*(${token})(?:[ \\t]*=[ \\t]*(${word})?)?(?:[ \\t]*;(?:[ \\t]*${parameter})?)*[ \\t]*(?=,|$)`,
  'y',
);

/**
 * Does a request prefer an answer at once to one that says how it ended: `Prefer: respond-async`? Names count without regard to case, of
 * one that is given twice the first counts, and what follows something that cannot be read is ignored:
 * https://www.rfc-editor.org/rfc/rfc7240#section-4.1
 */
export function prefersAsync(headers: Record<string, string | undefined>): boolean {
  const list = headers['prefer'] ?? '';
  preference.lastIndex = 0;
  for (;;) {
    const [, name, value] = preference.exec(list) ?? [];
    if (name === undefined) return false;
    // An empty value is none.
    if (name.toLowerCase() === 'respond-async') return value === undefined || value === '""';
  }
}

/** The header of an answer to a request that got what it preferred. */
export const appliedAsync = { 'preference-applied': 'respond-async' };
