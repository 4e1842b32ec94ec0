import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Square's events apart. */
export interface SquareEnvelope {
  /** E.g. `dispute.created`. */
  type: string | undefined;
  merchant: string | undefined;
}

/** https://developer.squareup.com/docs/webhooks/step3validate */
export const square: Sender<SquareEnvelope> = {
  name: 'square',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-square-hmacsha256-signature' }],
    form: 'one',
    encoding: 'base64',
    signed: ['url', 'body'],
    methods: [hmacSha256('')],
  },
  deadline: 10,
  misfit: 'accept', // It would try again for a day; three failing weeks switch the webhook off.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => ({
    id: textAt(payload, 'event_id'),
    envelope: { type: textAt(payload, 'type'), merchant: textAt(payload, 'merchant_id') },
  })),
};
