import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { apiKeySender } from '../../functions/hooks/senders/api-key.ts';
import { source } from '../../functions/hooks/source.ts';

/** Its deliveries have the secret in the header `x-api-key`. */
const sender = apiKeySender({ name: 'my-system', header: 'x-api-key', eventId: { field: ['id'] } });

/** A ticket opened in a system of your own becomes a conversation with its customer. */
export default source({
  sender,
  accept: ({ type }) => type === 'ticket.opened',
  payload: z.object({
    subject: z.string(),
    customer: z.object({ id: z.string(), name: z.string() }),
  }),
  delivery: 'direct',
  draft: ({ subject, customer }) => ({
    customer: { externalId: customer.id },
    name: shortenTo(256, subject),
    custom: { customerNameStr: customer.name },
  }),
});
