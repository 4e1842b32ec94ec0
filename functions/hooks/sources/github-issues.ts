import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { github } from '../senders/github.ts';
import { source } from '../source.ts';

/** An issue opened on GitHub becomes a conversation with the person who opened it. */
export default source({
  sender: github,
  accept: ({ event, action }) => event === 'issues' && action === 'opened',
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues
  payload: z.object({
    issue: z.object({
      id: z.int(),
      title: z.string(),
      html_url: z.string(),
      created_at: z.string(),
      user: z.object({ id: z.int(), login: z.string() }),
    }),
    repository: z.object({ full_name: z.string() }),
  }),
  delivery: 'direct',
  draft: ({ issue, repository }) => ({
    customer: { externalId: `github-user-${issue.user.id}` },
    externalId: `github-issue-${issue.id}`,
    name: shortenTo(256, issue.title),
    createdAt: issue.created_at,
    custom: {
      repositoryStr: repository.full_name,
      authorStr: issue.user.login,
      issueUrl: issue.html_url,
    },
  }),
});
