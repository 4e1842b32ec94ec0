import type { BulkDestination } from '../conversations/conversation-store.ts';
import type { Ask } from './ask.ts';

/** Asks that are handed over together: mostly with one request, more only for one whose conversations alone need more. */
export type Parcel = readonly Ask[];

/** Puts asks into as few parcels as come from taking each into the first that has room for all of it. */
export function parcelsOf(
  asks: readonly Ask[],
  { limits, bytesOf }: Pick<BulkDestination, 'limits' | 'bytesOf'>,
): Parcel[] {
  const parcels: { asks: Ask[]; count: number; bytes: number }[] = [];
  for (const ask of asks) {
    const count = ask.conversations.length;
    const bytes = ask.conversations.reduce((sum, conversation) => sum + bytesOf(conversation), 0);
    const parcel = parcels.find(
      (each) => each.count + count <= limits.count && each.bytes + bytes <= limits.bytes,
    );
    if (parcel) {
      parcel.asks.push(ask);
      parcel.count += count;
      parcel.bytes += bytes;
    } else {
      parcels.push({ asks: [ask], count, bytes });
    }
  }
  return parcels.map((parcel) => parcel.asks);
}
