import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { pagerduty } from '../senders/pagerduty.ts';
import { source } from '../source.ts';

/**
 * An incident triggered at PagerDuty becomes a conversation. PagerDuty knows no customers: what an incident is about is a service, so that
 * stands in for one, and all incidents of a service are in one list.
 */
export default source({
  sender: pagerduty,
  accept: ({ type }) => type === 'incident.triggered',
  // https://developer.pagerduty.com/docs/webhooks-overview#incident
  payload: z.object({
    event: z.object({
      data: z.object({
        id: z.string(),
        number: z.int(),
        title: z.string(),
        html_url: z.string(),
        created_at: z.string(),
        urgency: z.nullish(z.string()),
        priority: z.nullish(z.object({ summary: z.string() })),
        service: z.object({ id: z.string(), summary: z.string() }),
      }),
    }),
  }),
  delivery: 'direct',
  draft: ({ event: { data: incident } }) => ({
    customer: { externalId: `pagerduty-service-${incident.service.id}` },
    externalId: `pagerduty-incident-${incident.id}`,
    name: shortenTo(256, incident.title),
    createdAt: incident.created_at,
    custom: {
      numberNum: incident.number,
      serviceStr: shortenTo(1024, incident.service.summary),
      incidentUrl: incident.html_url,
      ...(incident.urgency && { urgencyStr: incident.urgency }),
      ...(incident.priority && { priorityStr: shortenTo(1024, incident.priority.summary) }),
    },
  }),
});
