import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { kustomer } from '../../functions/hooks/senders/kustomer.ts';
import { source } from '../../functions/hooks/source.ts';

/** A conversation created at Kustomer becomes one here. */
export default source({
  sender: kustomer,
  accept: ({ event }) => event === 'kustomer.conversation.create',
  // https://developer.kustomer.com/docs/events/outbound-webhooks
  payload: z.object({
    data: z.object({
      id: z.string(),
      attributes: z.object({ name: z.optional(z.string()) }),
      relationships: z.object({ customer: z.object({ data: z.object({ id: z.string() }) }) }),
    }),
  }),
  delivery: 'queued',
  draft: ({ data: { id, attributes, relationships } }) => ({
    customer: { id: relationships.customer.data.id },
    externalId: `kustomer-conversation-${id}`,
    name: shortenTo(256, attributes.name ?? 'Conversation at Kustomer'),
    custom: { kustomerIdStr: id },
  }),
});
