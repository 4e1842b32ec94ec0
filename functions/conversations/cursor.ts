import { createHash } from 'node:crypto';

/** What a cursor is bound to: e.g. the organisation and customer whose list it is a place in. */
type Bounds = readonly (string | undefined)[];

/** A position in a list as an opaque text for a URL, bound to that list. */
export function writeCursor(position: string, bounds: Bounds): string {
  return Buffer.from(seal(position, bounds) + position).toString('base64url');
}

/** The position that a cursor stands for; undefined when it was altered or given for another list. */
export function readCursor(cursor: string, bounds: Bounds): string | undefined {
  const position = Buffer.from(cursor, 'base64url').toString().slice(sealLength);
  // Comparing the whole text refuses, too, what a lenient base64 decoder would overlook.
  return writeCursor(position, bounds) === cursor ? position : undefined;
}

const sealLength = 16;

/**
 * Binds a cursor to its list. It is no secret: a forged cursor could only name another place in the same list, since what it is
 * bound to always comes from the key, the path and the query.
 */
function seal(position: string, bounds: Bounds): string {
  return createHash('sha256')
    .update(JSON.stringify([...bounds, position]))
    .digest('hex')
    .slice(0, sealLength);
}
