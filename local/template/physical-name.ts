import type { Resolving, Resource } from './assembly.ts';

// The property that names a resource of a type, where a template may choose its name.
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
const LONGEST_QUEUE_NAME = 80;

/**
 * The name a resource has in this run: the one its template gives it, else its logical id. CloudFormation would append
 * random characters to the latter; here nothing else can be in the way, and a name that stays is easier to look up.
 */
export function physicalName(resource: Resource, resolver: Resolving): string {
  const property = NAME_PROPERTIES[resource.type];
  const chosen =
    property === undefined ? undefined : resolver.resolve(resource.properties[property], resource.stack);
  if (typeof chosen === 'string' && chosen !== '') return chosen;
  if (resource.type !== 'AWS::SQS::Queue') return resource.logicalId;
  const suffix = resource.properties['FifoQueue'] === true ? '.fifo' : '';
  return resource.logicalId.slice(-(LONGEST_QUEUE_NAME - suffix.length)) + suffix;
}
