import type { Resolving, Resource } from './assembly.ts';

// The property that names a resource of a type, where a template may choose its name.
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
const LONGEST_QUEUE_NAME = 80;
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const LONGEST_BUCKET_NAME = 63;
const SHORTEST_BUCKET_NAME = 3;

/**
 * The name a resource has in this run: the one its template gives it, else its logical id. CloudFormation would append
 * random characters to the latter; here nothing else can be in the way, and a name that stays is easier to look up.
 */
export function physicalName(resource: Resource, resolver: Resolving): string {
  const property = NAME_PROPERTIES[resource.type];
  const chosen =
    property === undefined ? undefined : resolver.resolve(resource.properties[property], resource.stack);
  if (typeof chosen === 'string' && chosen !== '') return chosen;
  if (resource.type === 'AWS::SQS::Queue') return queueName(resource);
  if (resource.type === 'AWS::S3::Bucket') return bucketName(resource);
  return resource.logicalId;
}

// Of a long logical id the end is kept: CDK makes it unique.
function queueName({ logicalId, properties }: Resource): string {
  const suffix = properties['FifoQueue'] === true ? '.fifo' : '';
  return logicalId.slice(-(LONGEST_QUEUE_NAME - suffix.length)) + suffix;
}

function bucketName({ logicalId }: Resource): string {
  return logicalId.toLowerCase().slice(-LONGEST_BUCKET_NAME).padEnd(SHORTEST_BUCKET_NAME, '0');
}
