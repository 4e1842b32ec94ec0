import type { VerifiedDelivery } from './delivery.ts';
import type { Scheme } from './scheme.ts';
import type { FetchText } from './verify-topic-message.ts';

/**
 * A kind of system that sends webhooks: how it signs, where its deliveries say what they are, and what it wants to be answered.
 * One small file each in senders/. `Envelope` is what a source can tell events apart by before it reads the payload.
 */
export interface Sender<Envelope> {
  name: string;
  scheme: Scheme;
  /** Seconds in which it wants an answer. */
  deadline: number;
  /**
   * What it is answered when its event does not fit the source, or cannot become a conversation: the refusal itself where that ends the
   * matter, or 200 where it would send the same again, or count it against the webhook. The delivery is kept in both cases.
   */
  misfit: 'refuse' | 'accept';
  /** What it is answered when all is well: our verdict, or 200 or 204 without a body. */
  success: 'verdict' | 200 | 204;
  /** The headers that its deliveries are read with, in lower case: they are kept for a replay. Never one that proves anything. */
  reads: readonly string[];
  /**
   * The events of a delivery: one, or one for each item of an array. Throws Problem 400 when the body is not what this sender
   * sends.
   */
  events(delivery: VerifiedDelivery): readonly SenderEvent<Envelope>[];
  /** The sender's test whether we are here; undefined for a real event. May throw what `fetchText` throws. */
  handshake?(delivery: VerifiedDelivery, fetchText: FetchText): Handshake | undefined | Promise<Handshake>;
}

/** One thing that happened. */
export interface SenderEvent<Envelope> {
  /** The sender's own id of it, the same when it is sent again; undefined when it is missing. */
  id: string | undefined;
  envelope: Envelope;
  payload: unknown;
  /** A body that holds just this event, when the delivery's holds more: what is kept for a replay. */
  body?: Buffer;
}

/** How a handshake is answered: `body` as JSON, none when it is left out. */
export interface Handshake {
  status: 200 | 204;
  body?: object;
}
