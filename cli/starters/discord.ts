import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { discord } from '../../functions/hooks/senders/discord.ts';
import { source } from '../../functions/hooks/source.ts';

/** Who adds the app at Discord has a conversation. */
export default source({
  sender: discord,
  accept: ({ kind, type }) => kind === 'event' && type === 'APPLICATION_AUTHORIZED',
  // https://discord.com/developers/docs/events/webhook-events#application-authorized
  payload: z.object({
    event: z.object({ data: z.object({ user: z.object({ id: z.string(), username: z.string() }) }) }),
  }),
  delivery: 'queued',
  draft: ({
    event: {
      data: { user },
    },
  }) => ({
    customer: { externalId: `discord-user-${user.id}` },
    name: shortenTo(256, `${user.username} added the app`),
    custom: { usernameStr: user.username },
  }),
});
