import { describe, expect, test } from '@jest/globals';
import type { Assembly, Resource, Stack } from '../../local/template/assembly.ts';
import { notRunLocally } from '../../local/template/resource-types.ts';
import { Resolver } from '../../local/template/resolver.ts';

const addresses = { sqs: 'http://127.0.0.1:1111', gateway: 'http://127.0.0.1:2222' };

function stack(name: string, resources: Record<string, [string, object?]>, rest: Partial<Stack> = {}): Stack {
  const described = Object.entries(resources).map(([logicalId, [type, properties = {}]]) => {
    const resource: Resource = { stack: name, logicalId, type, properties: { ...properties } };
    return [logicalId, resource] as const;
  });
  return { name, resources: new Map(described), outputs: {}, parameters: {}, mappings: {}, ...rest };
}

const stateful = stack(
  'stateful',
  {
    Table: ['AWS::DynamoDB::GlobalTable'],
    Named: ['AWS::DynamoDB::Table', { TableName: { 'Fn::Sub': 'table-${AWS::Region}' } }],
    Queue: ['AWS::SQS::Queue'],
    Fifo: ['AWS::SQS::Queue', { FifoQueue: true }],
    Bodies0A1B2C3D: ['AWS::S3::Bucket'],
    B: ['AWS::S3::Bucket'],
    [`${'Long'.repeat(20)}End`]: ['AWS::S3::Bucket'],
    NamedBucket: ['AWS::S3::Bucket', { BucketName: { 'Fn::Sub': 'bodies-${AWS::AccountId}' } }],
    Secret: ['AWS::SecretsManager::Secret', { Name: 'hook' }],
    Function: ['AWS::Lambda::Function'],
    Live: ['AWS::Lambda::Alias', { Name: 'live', FunctionName: { Ref: 'Function' } }],
    Api: ['AWS::ApiGatewayV2::Api'],
  },
  {
    outputs: {
      TableName: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:table' } } },
    },
    parameters: { Given: { Default: 'a default' } },
    mappings: { Map: { one: { two: 'found' } } },
  },
);
const assembly: Assembly = { stacks: [stateful, stack('api', {})], assetFolder: () => undefined };
const resolver = new Resolver(assembly, addresses);

describe('an intrinsic function stands for what CloudFormation would put there', () => {
  test.each<[unknown, unknown]>([
    [{ Ref: 'Table' }, 'Table'],
    [{ Ref: 'Named' }, 'table-us-east-1'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1:1111/000000000000/Queue'],
    [{ Ref: 'Fifo' }, 'http://127.0.0.1:1111/000000000000/Fifo.fifo'],
    [{ Ref: 'Bodies0A1B2C3D' }, 'bodies0a1b2c3d'],
    [{ Ref: 'B' }, 'b00'],
    [{ Ref: `${'Long'.repeat(20)}End` }, `${'long'.repeat(15)}end`],
    [{ Ref: 'NamedBucket' }, 'bodies-000000000000'],
    [{ 'Fn::GetAtt': ['Bodies0A1B2C3D', 'Arn'] }, 'arn:aws:s3:::bodies0a1b2c3d'],
    [{ 'Fn::Sub': '${NamedBucket.Arn}/*' }, 'arn:aws:s3:::bodies-000000000000/*'],
    [{ Ref: 'Secret' }, 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hook'],
    [{ Ref: 'Live' }, 'arn:aws:lambda:us-east-1:000000000000:function:Function:live'],
    [{ Ref: 'Given' }, 'a default'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:Queue'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'Queue'],
    [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, 'http://127.0.0.1:2222'],
    [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/table-us-east-1'],
    [{ 'Fn::ImportValue': 'stateful:table' }, 'Table'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-000000000000'],
    [
      { 'Fn::Sub': '${Table}/${Queue.Arn}/${!kept}' },
      'Table/arn:aws:sqs:us-east-1:000000000000:Queue/${kept}',
    ],
    [{ 'Fn::Sub': ['${own} in ${AWS::Partition}', { own: { Ref: 'Table' } }] }, 'Table in aws'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['.', 'a.b.c'] }] }, 'b'],
    [{ 'Fn::FindInMap': ['Map', 'one', 'two'] }, 'found'],
    [{ kept: 1, dropped: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    [
      [1, { Ref: 'AWS::NoValue' }, { deep: [{ Ref: 'AWS::URLSuffix' }] }],
      [1, { deep: ['amazonaws.com'] }],
    ],
  ])('%j', (written, value) => {
    expect(resolver.resolve(written, 'stateful')).toEqual(value);
  });
});

describe('what has no local value is refused with a sentence that names it', () => {
  test.each<[unknown, RegExp]>([
    [{ Ref: 'Missing' }, /stateful refers to Missing/],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, /StreamArn of AWS::DynamoDB::GlobalTable \(Table\)/],
    [{ 'Fn::ImportValue': 'unknown' }, /No stack exports unknown/],
    [{ 'Fn::Cidr': ['10.0.0.0/8', 1] }, /uses Fn::Cidr in the stack stateful/],
  ])('%j', (written, sentence) => {
    expect(() => resolver.resolve(written, 'stateful')).toThrow(sentence);
  });

  test('only when something asks for it', () => {
    const unused = stack('unused', { Odd: ['AWS::X::Odd', { Value: { 'Fn::Cidr': [] } }] });
    expect(new Resolver({ ...assembly, stacks: [unused] }, addresses).all()).toHaveLength(1);
  });
});

test('an output is found in whichever stack has it', () => {
  expect(resolver.output('TableName')).toBe('Table');
  expect(resolver.output('Nothing')).toBeUndefined();
});

test('resources that do something only when deployed are named', () => {
  const { resources } = stack('s', {
    Rule: ['AWS::Events::Rule'],
    Role: ['AWS::IAM::Role'],
    Table: ['AWS::DynamoDB::Table'],
    Bucket: ['AWS::S3::Bucket'],
    BucketPolicy: ['AWS::S3::BucketPolicy'],
  });
  expect(notRunLocally([...resources.values()])).toEqual(['AWS::Events::Rule (Rule)']);
});
