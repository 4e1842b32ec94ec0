import { parseJson } from '../../lambda/json-body.ts';
import { hashedEventId, textAt } from '../read-body.ts';
import { eachItem } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells HubSpot's events apart. */
export interface HubspotEnvelope {
  /** E.g. `ticket.creation`; undefined for what a workflow sends. */
  type: string | undefined;
  /** Of what a workflow sends, e.g. `DEAL`. */
  object: string | undefined;
}

/**
 * Version 3 of its signatures: https://developers.hubspot.com/docs/api/webhooks/validating-requests,
 * https://developers.hubspot.com/docs/api/webhooks
 */
export const hubspot: Sender<HubspotEnvelope> = {
  name: 'hubspot',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-hubspot-signature-v3', timestamp: 'x-hubspot-request-timestamp' }],
    form: 'one',
    encoding: 'base64',
    signed: ['method', 'escaped url', 'body', 'timestamp'],
    methods: [hmacSha256('')],
    freshness: { tolerance: 300, in: 'header', unit: 'ms' },
  },
  deadline: 5,
  misfit: 'accept', // It would send all events of the array again.
  success: 'verdict',
  reads: [],
  events({ body }) {
    const payload = parseJson(body);
    if (Array.isArray(payload)) {
      return eachItem(payload, (item) => ({
        id: idOfItem(item),
        envelope: { type: textAt(item, 'subscriptionType'), object: undefined },
      }));
    }
    // A workflow sends a whole object, which has no id of the event.
    const envelope = { type: undefined, object: textAt(payload, 'objectType') };
    return [{ id: hashedEventId(body), envelope, payload }];
  },
};

/** An event's own id is not promised to be unique. What changes when it is sent again, attemptNumber, is no part of it. */
function idOfItem(item: unknown): string | undefined {
  const event = textAt(item, 'eventId');
  const subscription = textAt(item, 'subscriptionId');
  return event && subscription && `${subscription}:${event}`;
}
