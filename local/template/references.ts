import { StartFailure } from '../start-failure.ts';
import type { Resolving, Resource } from './assembly.ts';
import { physicalName } from './physical-name.ts';

/** Where this run's servers listen: what CloudFormation would know from the account. Without trailing slashes. */
export interface Addresses {
  readonly sqs: string;
  readonly gateway: string;
}

/** The account and region every local run pretends to be in. */
export const ACCOUNT = '000000000000';
/** See ACCOUNT. */
export const REGION = 'us-east-1';

/** The URL of a queue in this run. The account stands in the path, as AWS does it. */
export function queueUrl(addresses: Addresses, name: string): string {
  return `${addresses.sqs}/${ACCOUNT}/${name}`;
}

/** An ARN in this run's account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** What `{"Ref": …}` of a resource stands for; each type's page in the CloudFormation reference, "Return values". */
export function refOf(resource: Resource, resolver: Resolving, addresses: Addresses): string {
  const name = physicalName(resource, resolver);
  switch (resource.type) {
    case 'AWS::SQS::Queue':
      return queueUrl(addresses, name);
    case 'AWS::SecretsManager::Secret':
      return arn('secretsmanager', `secret:${name}`);
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias':
      return `${functionArn(resource, resolver)}:${aliasOrVersion(resource)}`;
    default:
      return name;
  }
}

/**
 * What `{"Fn::GetAtt": [resource, attribute]}` stands for.
 *
 * @throws StartFailure for an attribute that has no local value
 */
export function attributeOf(
  resource: Resource,
  attribute: string,
  resolver: Resolving,
  addresses: Addresses,
): string {
  const name = physicalName(resource, resolver);
  const known: Record<string, () => string> = {
    'AWS::DynamoDB::Table.Arn': () => arn('dynamodb', `table/${name}`),
    'AWS::DynamoDB::GlobalTable.Arn': () => arn('dynamodb', `table/${name}`),
    'AWS::SQS::Queue.Arn': () => arn('sqs', name),
    'AWS::SQS::Queue.QueueName': () => name,
    'AWS::SQS::Queue.QueueUrl': () => queueUrl(addresses, name),
    'AWS::S3::Bucket.Arn': () => `arn:aws:s3:::${name}`,
    'AWS::SecretsManager::Secret.Id': () => arn('secretsmanager', `secret:${name}`),
    'AWS::Lambda::Function.Arn': () => arn('lambda', `function:${name}`),
    'AWS::Lambda::Version.Version': () => '1',
    'AWS::ApiGatewayV2::Api.ApiEndpoint': () => addresses.gateway,
    'AWS::ApiGatewayV2::Api.ApiId': () => name,
    'AWS::IAM::Role.Arn': () => `arn:aws:iam::${ACCOUNT}:role/${name}`,
    'AWS::Logs::LogGroup.Arn': () => arn('logs', `log-group:${name}:*`),
    'AWS::CloudWatch::Alarm.Arn': () => arn('cloudwatch', `alarm:${name}`),
  };
  const value = known[`${resource.type}.${attribute}`];
  if (!value) {
    throw new StartFailure(
      `The template needs ${attribute} of ${resource.type} (${resource.logicalId}), which has no value locally.`,
    );
  }
  return value();
}

function functionArn(resource: Resource, resolver: Resolving): string {
  const target = String(resolver.resolve(resource.properties['FunctionName'], resource.stack));
  return target.startsWith('arn:') ? target : arn('lambda', `function:${target}`);
}

function aliasOrVersion(resource: Resource): string {
  return resource.type === 'AWS::Lambda::Alias' ? String(resource.properties['Name']) : '1';
}
