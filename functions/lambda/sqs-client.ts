import { SQSClient } from '@aws-sdk/client-sqs';
import { lean, leanSettings } from './aws-clients.ts';

/** One client a function, made at cold start. Sends the trace header along, so that a message's trace goes on in its consumer. */
export function sqsClient(): SQSClient {
  return lean(new SQSClient(leanSettings('sqs')));
}
