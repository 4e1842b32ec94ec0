import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Stripe's events apart. */
export interface StripeEnvelope {
  /** E.g. `charge.dispute.created`. */
  type: string | undefined;
  /** The connected account that it happened in, if in one. */
  account: string | undefined;
}

/** https://docs.stripe.com/webhooks#verify-manually, https://docs.stripe.com/api/events/object */
export const stripe: Sender<StripeEnvelope> = {
  name: 'stripe',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'stripe-signature' }],
    form: { separator: ',' },
    encoding: 'hex',
    signed: ['timestamp', { text: '.' }, 'body'],
    methods: [hmacSha256('v1=')], // The key is the whole text of the secret, its whsec_ included.
    freshness: { tolerance: 300, in: 'signature', unit: 's' },
  },
  deadline: 10, // None is published.
  misfit: 'accept', // It would be sent again for three days.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => ({
    id: textAt(payload, 'id'),
    envelope: { type: textAt(payload, 'type'), account: textAt(payload, 'account') },
  })),
};
