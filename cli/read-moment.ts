import { isDateTime } from '../functions/conversations/date-time.ts';
import { UsageError } from './run-command.ts';

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The moment that an option names: a time in RFC 3339, or how long ago it was: `45s`, `90m`, `2h`, `7d`. `now` in milliseconds. Throws
 * UsageError for anything else.
 */
export function readMoment(option: string, text: string, now: number = Date.now()): Date {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * milliseconds[unit as 's' | 'm' | 'h' | 'd']);
  if (isDateTime(text)) return new Date(text);
  throw new UsageError(
    `${option} takes how long ago (45s, 90m, 2h, 7d) or a time (2026-11-25T19:00:00Z), not ${text}`,
  );
}
