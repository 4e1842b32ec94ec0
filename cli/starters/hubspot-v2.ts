import * as z from 'zod/mini';
import { hubspotV2 } from '../../functions/hooks/senders/hubspot-v2.ts';
import { source } from '../../functions/hooks/source.ts';

/** In milliseconds, up to the year 9999: what can be written as a date-time. */
const time = z.int().check(z.minimum(0), z.maximum(253_402_300_799_999));

/** A ticket created at HubSpot becomes a conversation. */
export default source({
  sender: hubspotV2,
  accept: ({ type }) => type === 'ticket.creation',
  // https://developers.hubspot.com/docs/api/webhooks#webhook-payloads: one of the events of a delivery
  payload: z.object({ objectId: z.int(), portalId: z.int(), occurredAt: time }),
  delivery: 'queued',
  draft: ({ objectId, portalId, occurredAt }) => ({
    customer: { externalId: `hubspot-portal-${portalId}` },
    externalId: `hubspot-ticket-${objectId}`,
    name: `Ticket ${objectId} at HubSpot`,
    createdAt: new Date(occurredAt).toISOString(),
    custom: { ticketUrl: `https://app.hubspot.com/contacts/${portalId}/ticket/${objectId}` },
  }),
});
