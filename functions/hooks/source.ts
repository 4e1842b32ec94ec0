import type * as z from 'zod/mini';
import type { CustomerRef } from '../conversations/customer-ref.ts';
import type { Sender } from './sender.ts';

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
export type AnySource = Source<unknown, unknown>;

/** Declares a source, typed from the sender's envelope and the payload's schema to the draft. */
export function source<Envelope, Payload>(definition: Source<Envelope, Payload>): AnySource {
  // The sender's own envelope and the schema's own output are all that accept and draft are ever called with.
  return definition as AnySource;
}
