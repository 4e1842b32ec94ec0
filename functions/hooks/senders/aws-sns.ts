import { badRequest } from '../../lambda/problem.ts';
import type { Handshake, Sender } from '../sender.ts';
import {
  isAddressOfSns,
  readTopicMessage,
  signedPart,
  type FetchText,
  type TopicMessage,
} from '../verify-topic-message.ts';

/** What tells the messages of topics apart. */
export interface AwsSnsEnvelope {
  /** The topic's ARN. */
  topic: string | undefined;
  subject: string | undefined;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html */
export const awsSns: Sender<AwsSnsEnvelope> = {
  name: 'aws-sns',
  scheme: { kind: 'topic' },
  deadline: 15,
  misfit: 'refuse', // It does not try again after a 4xx.
  success: 'verdict',
  reads: [],
  events({ body }) {
    const message = readTopicMessage(body);
    if (!message) throw badRequest({ title: 'The body is no message of a topic', pointer: '' });
    const { MessageId: id, TopicArn: topic, Subject: subject } = message;
    return [{ id, envelope: { topic, subject }, payload: signedPart(message) }];
  },
  handshake({ body }, fetchText) {
    const message = readTopicMessage(body);
    if (message?.['Type'] === 'SubscriptionConfirmation') return confirm(message, fetchText);
    return message?.['Type'] === 'UnsubscribeConfirmation' ? { status: 200 } : undefined;
  },
};

/** To fetch the address is the confirmation. It is signed, and yet must be one of SNS: we fetch nothing else for anybody. */
async function confirm(message: TopicMessage, fetchText: FetchText): Promise<Handshake> {
  const { SubscribeURL: address = '' } = message;
  if (!isAddressOfSns(address, message)) {
    throw badRequest({ title: 'SubscribeURL is not an address of SNS', pointer: '/SubscribeURL' });
  }
  await fetchText(address);
  return { status: 200 };
}
