import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { sendgrid } from '../../functions/hooks/senders/sendgrid.ts';
import { source } from '../../functions/hooks/source.ts';

/** In seconds, up to the year 9999: what can be written as a date-time. */
const unixTime = z.int().check(z.minimum(0), z.maximum(253_402_300_799));

/** An address that bounces at SendGrid becomes a conversation with whom it belongs to. */
export default source({
  sender: sendgrid,
  accept: ({ event }) => event === 'bounce',
  // https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: one of the events of a delivery
  payload: z.object({ email: z.string(), timestamp: unixTime, reason: z.optional(z.string()) }),
  delivery: 'queued',
  draft: ({ email, timestamp, reason }) => ({
    customer: { email },
    name: shortenTo(256, `Mail to ${email} bounces`),
    createdAt: new Date(timestamp * 1000).toISOString(),
    custom: { reasonTxt: shortenTo(1024, reason ?? '') },
  }),
});
