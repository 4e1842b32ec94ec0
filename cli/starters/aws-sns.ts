import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { awsSns } from '../../functions/hooks/senders/aws-sns.ts';
import { source } from '../../functions/hooks/source.ts';

/** A message of a topic becomes a conversation. It says nothing of a customer: the topic itself stands for one. */
export default source({
  sender: awsSns,
  accept: () => true,
  // https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-notification-json
  payload: z.object({
    TopicArn: z.string(),
    Subject: z.optional(z.string()),
    Message: z.string(),
    Timestamp: z.string(),
  }),
  delivery: 'queued',
  draft: (message) => ({
    customer: { externalId: message.TopicArn },
    name: shortenTo(256, message.Subject ?? message.Message),
    createdAt: message.Timestamp,
    custom: { messageTxt: shortenTo(1024, message.Message) },
  }),
});
