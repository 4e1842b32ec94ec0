import type { RawDelivery } from './delivery.ts';
import type { Freshness, Refusal } from './scheme.ts';

/**
 * Why a delivery is not fresh at `now` (milliseconds), or undefined when it is. `timestamp` is the text beside the signature. A
 * body that has no time is taken: where the time is signed nobody can take it out.
 */
export function staleness(
  { tolerance, in: place, unit }: Freshness,
  timestamp: string | undefined,
  { body }: RawDelivery,
  now: number,
): Refusal | undefined {
  if (typeof place === 'object') {
    const value = fieldOf(body, place.field);
    if (value === undefined) return undefined;
    return ageOf(typeof value === 'number' ? value : NaN, tolerance, now);
  }
  return timestamp === undefined ? 'no timestamp' : ageOf(timeIn(timestamp, unit), tolerance, now);
}

function ageOf(time: number, tolerance: number, now: number): Refusal | undefined {
  if (!Number.isFinite(time)) return 'malformed timestamp';
  if (now - time > tolerance * 1000) return 'too old';
  return time - now > tolerance * 1000 ? 'in the future' : undefined;
}

/** Milliseconds, or NaN for what is not exactly digits, or exactly RFC 3339 in UTC. */
function timeIn(text: string, unit: Freshness['unit']): number {
  if (unit === 'rfc3339') {
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : NaN;
  }
  if (!/^\d{1,15}$/.test(text)) return NaN;
  return unit === 's' ? Number(text) * 1000 : Number(text);
}

function fieldOf(body: Buffer, name: string): unknown {
  try {
    const value = JSON.parse(body.toString()) as unknown;
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
  } catch {
    return undefined; // The sender's own reading of the body tells what is wrong with it.
  }
}
