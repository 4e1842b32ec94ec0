import * as z from 'zod/mini';

const rfc3339 = z.iso.datetime({ offset: true });
/** From year 0 to 9999: what four digits can write, and what keeps the text's order that of time. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** Is this an RFC 3339 date-time (section 5.6) with a real date? A leap second is not taken. */
export function isDateTime(text: string): boolean {
  if (!rfc3339.safeParse(text).success) return false;
  const time = Date.parse(text);
  return time >= earliest && time <= latest;
}

/** The same moment as the contract writes it: UTC, milliseconds, `Z`. Expects what isDateTime takes. */
export function toUtc(dateTime: string): string {
  return new Date(dateTime).toISOString();
}
