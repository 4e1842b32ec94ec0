import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { pagerduty } from '../../functions/hooks/senders/pagerduty.ts';
import { source } from '../../functions/hooks/source.ts';

/** An incident that is escalated at PagerDuty becomes a conversation with the team of its service. */
export default source({
  sender: pagerduty,
  accept: ({ type }) => type === 'incident.escalated',
  // https://developer.pagerduty.com/docs/webhooks-overview#webhook-payload
  payload: z.object({
    event: z.object({
      occurred_at: z.string(),
      data: z.object({
        id: z.string(),
        title: z.string(),
        html_url: z.string(),
        urgency: z.string(),
        service: z.object({ id: z.string(), summary: z.string() }),
      }),
    }),
  }),
  delivery: 'queued',
  draft: ({ event: { occurred_at, data } }) => ({
    customer: { externalId: `pagerduty-service-${data.service.id}` },
    externalId: `pagerduty-incident-${data.id}`,
    name: shortenTo(256, data.title),
    createdAt: occurred_at,
    custom: { serviceStr: data.service.summary, urgencyStr: data.urgency, incidentUrl: data.html_url },
  }),
});
