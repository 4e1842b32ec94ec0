import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { bearerSender } from '../../functions/hooks/senders/bearer.ts';
import { source } from '../../functions/hooks/source.ts';

/** Its deliveries have `authorization: Bearer <the secret>`. */
const sender = bearerSender({ name: 'my-system', eventId: { field: ['id'] } });

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
