import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { linear } from '../../functions/hooks/senders/linear.ts';
import { source } from '../../functions/hooks/source.ts';

/** An issue created in Linear becomes a conversation with the person who created it. */
export default source({
  sender: linear,
  accept: ({ event, action }) => event === 'Issue' && action === 'create',
  // https://linear.app/developers/webhooks#data-change-events-payload
  payload: z.object({
    actor: z.object({ id: z.string(), name: z.string() }),
    data: z.object({ id: z.string(), identifier: z.string(), title: z.string() }),
    url: z.string(),
    createdAt: z.string(),
  }),
  delivery: 'queued',
  draft: ({ actor, data, url, createdAt }) => ({
    customer: { externalId: `linear-user-${actor.id}` },
    externalId: `linear-issue-${data.id}`,
    name: shortenTo(256, `${data.identifier} ${data.title}`),
    createdAt: createdAt,
    custom: { issueUrl: url, authorStr: actor.name },
  }),
});
