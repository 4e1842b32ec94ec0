import type * as z from 'zod/mini';
import type { CustomerRef } from '../conversations/customer-ref.ts';
import type { Sender } from './sender.ts';
import { senderAddresses } from './sender-addresses.ts';

/** Where a delivery's conversation is created: while the sender waits, or from the queue soon after the answer. */
export type DeliveryMode = 'direct' | 'queued';

/** What a source makes of an event. The customer is given by its id, or by what the other system knows of it. */
export interface SourceDraft {
  customer: CustomerRef;
  externalId?: string;
  name?: string;
  createdAt?: string;
  custom?: Record<string, string | number | boolean | null>;
  tags?: string[];
  priority?: number;
  status?: 'open' | 'done';
  direction?: 'in' | 'out';
  defaultLang?: string;
}

/** A configured source: which sender's events it takes, and what conversation each becomes. */
export interface Source<Envelope, Payload> {
  sender: Sender<Envelope>;
  /**
   * The addresses that the sender sends from, IPv4 and IPv6: `192.0.2.0/24`, `2001:db8::/32`, or one. Whatever comes from elsewhere is
   * refused, however it is signed. Anybody may send when it is left out.
   */
  addresses?: readonly string[];
  /** Which events become conversations; the others are answered and ignored. */
  accept(envelope: Envelope): boolean;
  /** What an accepted event must look like, in as far as the draft needs it. */
  payload: z.ZodMiniType<Payload>;
  delivery: DeliveryMode;
  /**
   * Whether a customer whom the destination does not know by email, phone or externalId is made there: true when not given. With false
   * such an event fails, and its record says so. Where conversations are kept in DynamoDB every customer is known.
   */
  newCustomers?: boolean;
  draft(payload: Payload): SourceDraft;
}

/** A source as the hook handler uses it: its types are its own affair. */
export interface AnySource extends Source<unknown, unknown> {
  /** Is it an address that the sender sends from? Missing when any is. */
  takesFrom?: (address: string) => boolean;
}

/**
 * Declares a source, typed from the sender's envelope and the payload's schema to the draft. Throws an Error for `addresses` that are
 * no ranges: neither a deployment nor `npm start` goes on with them.
 */
export function source<Envelope, Payload>(definition: Source<Envelope, Payload>): AnySource {
  const { addresses } = definition;
  // The sender's own envelope and the schema's own output are all that accept and draft are ever called with.
  const declared = definition as AnySource;
  return addresses === undefined ? declared : { ...declared, takesFrom: senderAddresses(addresses) };
}
