/**
 * Has `text` at most `limit` Unicode code points? That is how JSON Schema counts `maxLength` (validation, 6.3.1):
 * 256 emoji fit a name of 256.
 */
export function hasAtMost(limit: number, text: string): boolean {
  if (text.length <= limit) return true;
  if (text.length > limit * 2) return false;
  let count = 0;
  for (const _ of text) if (++count > limit) return false;
  return true;
}

/** `text` itself, or its first `limit - 1` code points and an ellipsis: for what a source maps, never for what a caller sends. */
export function shortenTo(limit: number, text: string): string {
  return hasAtMost(limit, text) ? text : `${[...text].slice(0, limit - 1).join('')}…`;
}
