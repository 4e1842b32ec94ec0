import { hashedEventId, textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Calendly's events apart. */
export interface CalendlyEnvelope {
  /** E.g. `invitee.created`. */
  event: string | undefined;
}

/** https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures */
export const calendly: Sender<CalendlyEnvelope> = {
  name: 'calendly',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'calendly-webhook-signature' }],
    form: { separator: ',' },
    encoding: 'hex',
    signed: ['timestamp', { text: '.' }, 'body'],
    methods: [hmacSha256('v1=')],
    freshness: { tolerance: 180, in: 'signature', unit: 's' },
  },
  deadline: 15,
  misfit: 'accept', // It would try again for a day, and then switch the webhook off.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => {
    const event = textAt(payload, 'event');
    const invitee = textAt(payload, 'payload', 'uri');
    const at = textAt(payload, 'created_at');
    // A delivery has no id: what happened to whom and when is the event.
    const id = event && invitee && at && hashedEventId(event, invitee, at);
    return { id, envelope: { event } };
  }),
};
