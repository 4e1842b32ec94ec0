import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { calendly } from '../../functions/hooks/senders/calendly.ts';
import { source } from '../../functions/hooks/source.ts';

/** Who books a meeting with Calendly has a conversation about it. */
export default source({
  sender: calendly,
  accept: ({ event }) => event === 'invitee.created',
  // https://developer.calendly.com/api-docs/overview/webhooks/webhook-payload
  payload: z.object({
    created_at: z.string(),
    payload: z.object({
      uri: z.string(),
      email: z.string(),
      name: z.string(),
      timezone: z.nullable(z.string()),
      cancel_url: z.string(),
    }),
  }),
  delivery: 'direct',
  draft: ({ created_at, payload }) => ({
    customer: { email: payload.email },
    externalId: payload.uri,
    name: shortenTo(256, `Meeting with ${payload.name}`),
    createdAt: created_at,
    custom: { timezoneStr: payload.timezone, cancelUrl: payload.cancel_url },
  }),
});
