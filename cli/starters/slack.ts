import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { slack } from '../../functions/hooks/senders/slack.ts';
import { source } from '../../functions/hooks/source.ts';

/** Who mentions the app at Slack has a conversation. */
export default source({
  sender: slack,
  accept: ({ type, name }) => type === 'event_callback' && name === 'app_mention',
  // https://docs.slack.dev/reference/events/app_mention
  payload: z.object({
    team_id: z.string(),
    event: z.object({ user: z.string(), text: z.string(), channel: z.string() }),
  }),
  delivery: 'queued',
  draft: ({ team_id, event }) => ({
    customer: { externalId: `slack-${team_id}-${event.user}` },
    name: shortenTo(256, event.text || 'A mention at Slack'),
    custom: { channelStr: event.channel },
  }),
});
