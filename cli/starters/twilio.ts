import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { twilio } from '../../functions/hooks/senders/twilio.ts';
import { source } from '../../functions/hooks/source.ts';

/** A text message that arrives at Twilio becomes a conversation with its sender. */
export default source({
  sender: twilio,
  accept: ({ type, status }) => type === 'message' && status === 'received',
  // https://www.twilio.com/docs/messaging/guides/webhook-request
  payload: z.object({ From: z.string(), To: z.string(), Body: z.string() }),
  delivery: 'direct',
  draft: (message) => ({
    customer: { phone: message.From },
    name: shortenTo(256, message.Body || `Message from ${message.From}`),
    custom: { toStr: message.To, messageTxt: shortenTo(1024, message.Body) },
  }),
});
