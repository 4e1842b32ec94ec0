import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { standardWebhooks } from '../../functions/hooks/senders/standard-webhooks.ts';
import { source } from '../../functions/hooks/source.ts';

/** A contact that is made elsewhere has a conversation. `type` is the sender's own: here everything is taken. */
export default source({
  sender: standardWebhooks,
  accept: () => true,
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
  payload: z.object({
    type: z.string(),
    timestamp: z.string(),
    data: z.object({ id: z.string(), email: z.string() }),
  }),
  delivery: 'queued',
  draft: ({ type, timestamp, data }) => ({
    customer: { externalId: data.id },
    name: shortenTo(256, `${type}: ${data.email}`),
    createdAt: timestamp,
    custom: { emailStr: data.email },
  }),
});
