import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { intercom } from '../../functions/hooks/senders/intercom.ts';
import { source } from '../../functions/hooks/source.ts';

/** A conversation that a user begins at Intercom becomes one here. */
export default source({
  sender: intercom,
  accept: ({ topic }) => topic === 'conversation.user.created',
  // https://developers.intercom.com/docs/references/webhooks/webhook-models
  payload: z.object({
    data: z.object({
      item: z.object({
        id: z.string(),
        source: z.object({
          subject: z.nullable(z.string()),
          author: z.object({ id: z.string(), name: z.nullable(z.string()) }),
        }),
      }),
    }),
  }),
  delivery: 'queued',
  draft: ({ data: { item } }) => ({
    customer: { externalId: `intercom-${item.source.author.id}` },
    externalId: `intercom-conversation-${item.id}`,
    name: shortenTo(256, item.source.subject || 'Message at Intercom'),
    custom: { authorStr: item.source.author.name },
  }),
});
