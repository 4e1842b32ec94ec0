import type { DeliveryEntry } from '../../../functions/hooks/delivery-record.ts';
import { author } from '../../conversations/asked.ts';

/** The source that the entries are of. */
export const owner = { org: author.org, source: 'tickets' };

/** A delivery as it is received: of an event that nothing was to be done for, unless `more` says otherwise. */
export function entry(event: string, more: Partial<DeliveryEntry> = {}): DeliveryEntry {
  return {
    ...owner,
    event,
    verdict: 'ignored',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ id: event })),
    ...more,
  };
}

/** A clock for a table: stands where it was set. */
export function clock(start: string): { now: () => number; set: (time: string) => void } {
  let time = Date.parse(start);
  return { now: () => time, set: (to) => (time = Date.parse(to)) };
}
