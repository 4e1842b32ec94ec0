import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { zendesk } from '../../functions/hooks/senders/zendesk.ts';
import { source } from '../../functions/hooks/source.ts';

/** A ticket created at Zendesk becomes a conversation with its requester. */
export default source({
  sender: zendesk,
  accept: ({ type }) => type === 'zen:event-type:ticket.created',
  // https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/: of a trigger, the body is what you write there
  payload: z.object({
    time: z.string(),
    detail: z.object({ id: z.string(), subject: z.string(), requester_id: z.string() }),
  }),
  delivery: 'direct',
  draft: ({ time, detail }) => ({
    customer: { externalId: `zendesk-user-${detail.requester_id}` },
    externalId: `zendesk-ticket-${detail.id}`,
    name: shortenTo(256, detail.subject),
    createdAt: time,
    custom: { ticketStr: detail.id },
  }),
});
