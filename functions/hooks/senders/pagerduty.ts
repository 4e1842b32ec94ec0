import { jsonWith, textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells PagerDuty's events apart. */
export interface PagerdutyEnvelope {
  /** E.g. `incident.triggered`. */
  type: string | undefined;
}

/**
 * Version 3: https://developer.pagerduty.com/docs/webhooks-overview, https://developer.pagerduty.com/docs/verifying-webhook-signatures
 */
export const pagerduty: Sender<PagerdutyEnvelope> = {
  name: 'pagerduty',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-pagerduty-signature' }],
    form: { separator: ',' },
    encoding: 'hex',
    signed: ['body'],
    methods: [hmacSha256('v1=')],
  },
  deadline: 5,
  misfit: 'accept', // Three refusals in a row switch the webhook off for a day.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => ({
    id: textAt(payload, 'event', 'id'),
    envelope: { type: textAt(payload, 'event', 'event_type') },
  })),
  handshake: ({ body }) =>
    textAt(jsonWith('pagey.ping', body), 'event', 'event_type') === 'pagey.ping'
      ? { status: 200 }
      : undefined,
};
