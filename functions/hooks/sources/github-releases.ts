import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { github } from '../senders/github.ts';
import { source } from '../source.ts';

/** A release published on GitHub becomes a conversation with the person who published it. */
export default source({
  sender: github,
  accept: ({ event, action }) => event === 'release' && action === 'published',
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#release
  payload: z.object({
    release: z.object({
      id: z.int(),
      name: z.nullable(z.string()),
      tag_name: z.string(),
      html_url: z.string(),
      author: z.object({ id: z.int(), login: z.string() }),
    }),
    repository: z.object({ full_name: z.string() }),
  }),
  delivery: 'queued',
  draft: ({ release, repository }) => ({
    customer: { externalId: `github-user-${release.author.id}` },
    externalId: `github-release-${release.id}`,
    name: shortenTo(256, release.name || release.tag_name),
    custom: {
      repositoryStr: repository.full_name,
      authorStr: release.author.login,
      tagStr: release.tag_name,
      releaseUrl: release.html_url,
    },
  }),
});
