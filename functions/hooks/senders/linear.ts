import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Linear's events apart. */
export interface LinearEnvelope {
  /** E.g. `Issue`. */
  event: string | undefined;
  /** `create`, `update` or `remove`. */
  action: string | undefined;
}

/** https://linear.app/developers/webhooks */
export const linear: Sender<LinearEnvelope> = {
  name: 'linear',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'linear-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [hmacSha256('')],
    freshness: { tolerance: 60, in: { field: 'webhookTimestamp' }, unit: 'ms' },
  },
  deadline: 5,
  misfit: 'accept', // It tries again, and may switch the webhook off.
  success: 200, // It takes nothing else for a success.
  reads: ['linear-delivery', 'linear-event'],
  events: jsonEvent((payload, { headers }) => ({
    id: headers['linear-delivery'],
    envelope: { event: headers['linear-event'], action: textAt(payload, 'action') },
  })),
};
