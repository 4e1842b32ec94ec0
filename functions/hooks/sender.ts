import type { VerifiedDelivery } from './delivery.ts';
import type { HmacScheme } from './schemes.ts';

/**
 * A kind of system that sends webhooks: how it signs and where its deliveries say what they are.
 * One small file each in senders/. `Envelope` is what a source can tell events apart by before it reads the payload.
 */
export interface Sender<Envelope> {
  name: string;
  scheme: HmacScheme;
  /** The sender's own id of this event, the same when it is sent again; undefined when it is missing. */
  eventId(delivery: VerifiedDelivery): string | undefined;
  /** The event as data. Throws Problem 400 when the body is not what this sender sends. */
  payload(delivery: VerifiedDelivery): unknown;
  envelope(delivery: VerifiedDelivery, payload: unknown): Envelope;
  /** Is this only the sender's test whether we are here? Then it is answered and goes no further. */
  isHandshake(envelope: Envelope): boolean;
}
