import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Resource } from '../template/assembly.ts';
import { physicalName } from '../template/physical-name.ts';
import type { Properties, Resolver } from '../template/resolver.ts';

// Properties of the resource that are attributes of the queue, under the same names.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
const ATTRIBUTES = [
  'VisibilityTimeout',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'ContentBasedDeduplication',
];

/**
 * Creates every queue of the template, or gives an existing one the attributes the template has now. Messages stay.
 */
export async function createQueues(resolver: Resolver, client: SQSClient): Promise<void> {
  const queues = resolver.ofType('AWS::SQS::Queue');
  await Promise.all(queues.map((resource) => createQueue(resource, resolver, client)));
}

async function createQueue(resource: Resource, resolver: Resolver, client: SQSClient): Promise<void> {
  const properties = resolver.properties(resource);
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: physicalName(resource, resolver),
      ...(properties['FifoQueue'] === true && { Attributes: { FifoQueue: 'true' } }),
    }),
  );
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: queueAttributes(properties) }));
}

/** @returns the attributes as SQS takes them: every value a string, the redrive policy as JSON, "" for none */
function queueAttributes(properties: Properties): Record<string, string> {
  const given = ATTRIBUTES.filter((name) => properties[name] !== undefined);
  return {
    ...Object.fromEntries(given.map((name) => [name, String(properties[name])])),
    RedrivePolicy: properties['RedrivePolicy'] ? JSON.stringify(properties['RedrivePolicy']) : '',
  };
}
