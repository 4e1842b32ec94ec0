import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { hmacSender } from '../../functions/hooks/senders/generic-hmac.ts';
import { source } from '../../functions/hooks/source.ts';

/** How it signs: here HMAC-SHA256 of the body, in hex. See HmacOptions for signed times, ids, URLs, labels and lists. */
const sender = hmacSender({
  name: 'my-system',
  header: 'x-signature',
  hash: 'sha256',
  encoding: 'hex',
  eventId: { field: ['id'] },
});

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
