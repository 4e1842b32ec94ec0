import { parseJson } from '../../lambda/json-body.ts';
import { badRequest } from '../../lambda/problem.ts';
import { textAt } from '../read-body.ts';
import { eachItem } from '../read-events.ts';
import type { Sender } from '../sender.ts';

/** What tells SendGrid's events apart. */
export interface SendgridEnvelope {
  /** E.g. `bounce`. */
  event: string | undefined;
}

/**
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features,
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const sendgrid: Sender<SendgridEnvelope> = {
  name: 'sendgrid',
  scheme: {
    kind: 'signature',
    headers: [
      {
        signature: 'x-twilio-email-event-webhook-signature',
        timestamp: 'x-twilio-email-event-webhook-timestamp',
      },
    ],
    form: 'one',
    encoding: 'base64',
    signed: ['timestamp', 'body'],
    methods: [{ algorithm: 'ecdsa', hash: 'sha256', key: 'spki', label: '' }],
    freshness: { tolerance: 300, in: 'header', unit: 's' },
  },
  deadline: 10,
  misfit: 'accept', // It would send all events of the array again for a day.
  success: 'verdict',
  reads: [],
  events({ body }) {
    const items = parseJson(body);
    if (!Array.isArray(items)) throw badRequest({ title: 'The body is not an array', pointer: '' });
    return eachItem(items, (item) => ({
      id: textAt(item, 'sg_event_id'),
      envelope: { event: textAt(item, 'event') },
    }));
  },
};
