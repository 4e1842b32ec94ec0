import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Kustomer's events apart. */
export interface KustomerEnvelope {
  /** E.g. `kustomer.conversation.create`. */
  event: string | undefined;
}

/**
 * Outbound webhooks: https://developer.kustomer.com/docs/events/outbound-webhooks,
 * https://developer.kustomer.com/docs/events/delivery-and-retries
 */
export const kustomer: Sender<KustomerEnvelope> = {
  name: 'kustomer',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-kustomer-webhook-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [hmacSha256('')],
  },
  deadline: 3, // "A few seconds".
  misfit: 'accept', // It tries again for an hour, and switches failing webhooks off.
  success: 'verdict',
  reads: ['x-kustomer-webhook-event'],
  events: jsonEvent((payload, { headers }) => ({
    id: textAt(payload, 'id'),
    envelope: { event: headers['x-kustomer-webhook-event'] },
  })),
};
