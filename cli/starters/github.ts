import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { github } from '../../functions/hooks/senders/github.ts';
import { source } from '../../functions/hooks/source.ts';

/** A discussion begun on GitHub becomes a conversation with the person who began it. */
export default source({
  sender: github,
  accept: ({ event, action }) => event === 'discussion' && action === 'created',
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#discussion
  payload: z.object({
    discussion: z.object({
      id: z.int(),
      title: z.string(),
      html_url: z.string(),
      created_at: z.string(),
      user: z.object({ id: z.int(), login: z.string() }),
    }),
    repository: z.object({ full_name: z.string() }),
  }),
  delivery: 'direct',
  draft: ({ discussion, repository }) => ({
    customer: { externalId: `github-user-${discussion.user.id}` },
    externalId: `github-discussion-${discussion.id}`,
    name: shortenTo(256, discussion.title),
    createdAt: discussion.created_at,
    custom: { repositoryStr: repository.full_name, discussionUrl: discussion.html_url },
  }),
});
