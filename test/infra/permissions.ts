import { expect, it } from '@jest/globals';
import { sources } from '../../functions/hooks/sources.ts';
import { permissionsOf, type Permission, type SynthesizedStage } from './synthesized.ts';

/** What every function may do: write its own log, send its traces. */
const always = (name: string): Permission[] => [
  ['logs:CreateLogStream', `${name}Logs`],
  ['logs:PutLogEvents', `${name}Logs`],
  ['xray:PutTelemetryRecords', '*'],
  ['xray:PutTraceSegments', '*'],
];

const pascalCase = (name: string) =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What each function may do besides: all that it calls, on the very resource, and nothing else. */
const expected: Record<string, Permission[]> = {
  CreateConversation: [
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'Conversations'],
    ['dynamodb:PutItem', 'Conversations'],
    ['dynamodb:UpdateItem', 'Limits'],
  ],
  GetBulk: [
    ['dynamodb:BatchGetItem', 'BulkJobs'],
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'BulkJobs'],
    ['dynamodb:Query', 'BulkJobs'],
  ],
  GetConversation: [
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'Conversations'],
  ],
  GetDeliveries: [
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'Conversations'],
    ['dynamodb:GetItem', 'Deliveries'],
    ['dynamodb:Query', 'Deliveries/index/byVerdict'],
    ['s3:GetObject', 'DeliveryBodies/*'],
  ],
  ListConversations: [
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:Query', 'Conversations/index/byCustomer'],
  ],
  NoSuchRoute: [],
  ReceiveHook: [
    ['dynamodb:GetItem', 'Conversations'],
    ['dynamodb:PutItem', 'Conversations'],
    ['dynamodb:UpdateItem', 'Deliveries'],
    ['s3:PutObject', 'DeliveryBodies/*'],
    ...Object.keys(sources).map((source): Permission => [
      'secretsmanager:GetSecretValue',
      `${pascalCase(source)}HookSecret`,
    ]),
    ['sqs:SendMessage', 'Drafts'],
  ],
  ReplayDeliveries: [
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'Conversations'],
    ['dynamodb:GetItem', 'Deliveries'],
    ['dynamodb:PutItem', 'Conversations'],
    ['dynamodb:Query', 'Deliveries/index/byVerdict'],
    ['dynamodb:UpdateItem', 'Deliveries'],
    ['s3:GetObject', 'DeliveryBodies/*'],
    ['sqs:SendMessage', 'Drafts'],
  ],
  SubmitBulk: [
    ['dynamodb:BatchWriteItem', 'BulkJobs'],
    ['dynamodb:GetItem', 'ApiKeys'],
    ['dynamodb:GetItem', 'BulkJobs'],
    ['dynamodb:PutItem', 'BulkJobs'],
    ['dynamodb:UpdateItem', 'BulkJobs'],
    ['sqs:SendMessage', 'Drafts'],
  ],
  WriteDrafts: [
    ['dynamodb:BatchGetItem', 'Conversations'],
    ['dynamodb:BatchWriteItem', 'Conversations'],
    ['dynamodb:GetItem', 'Conversations'],
    ['dynamodb:PutItem', 'BulkJobs'],
    ['dynamodb:PutItem', 'Conversations'],
    ['dynamodb:UpdateItem', 'Deliveries'],
    ['sqs:ChangeMessageVisibility', 'Drafts'],
    ['sqs:DeleteMessage', 'Drafts'],
    ['sqs:GetQueueAttributes', 'Drafts'],
    ['sqs:ReceiveMessage', 'Drafts'],
    ['sqs:SendMessage', 'DeadLetters'],
  ],
};

/** The same where conversations are relayed: none on their table, but on the API key. */
const relaying = Object.fromEntries(
  Object.entries(expected).map(([name, permissions]) => {
    const others = permissions.filter(([, resource]) => !resource.startsWith('Conversations'));
    const key: Permission[] =
      others.length < permissions.length ? [['secretsmanager:GetSecretValue', 'KustomerApiKey']] : [];
    const queues = name === 'WriteDrafts' || name === 'CreateConversation';
    const anew: Permission[] = queues ? [['sqs:SendMessage', 'Drafts']] : [];
    return [name, [...others, ...key, ...anew]];
  }),
);

/** What CodeDeploy may do where functions are rolled out as canaries: move their aliases, and look at alarms. */
const rollOut: Permission[] = [
  ['cloudwatch:DescribeAlarms', '*'],
  ...Object.keys(expected).flatMap((name) =>
    ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'].flatMap(
      (action): Permission[] => [
        [action, `${name}Function`],
        [action, `${name}Function:live`],
      ],
    ),
  ),
];

/** What the functions of a stage may do, and CodeDeploy where it has canaries; `relays` where conversations are relayed. */
export function permissionRules(
  stage: () => SynthesizedStage,
  { relays = false, canaries = false } = {},
): void {
  const roles = Object.keys(expected).map((name) => `${name}Role`);

  it('are those of the functions there are, one role each, and of what moves their aliases', () => {
    const all = [...roles, ...(canaries ? ['DeploymentRole'] : [])];
    expect(Object.keys(permissionsOf(stage())).toSorted()).toEqual(all.toSorted());
  });

  it.each(Object.entries(relays ? relaying : expected))(
    'are for %s what it calls and nothing else',
    (name, permissions) => {
      expect(permissionsOf(stage())[`${name}Role`]).toEqual([...always(name), ...permissions].toSorted());
    },
  );

  it('are for CodeDeploy to move the aliases of these functions, where it does', () => {
    expect(permissionsOf(stage())['DeploymentRole']).toEqual(canaries ? rollOut.toSorted() : undefined);
  });

  it('are given to nobody but Lambda and CodeDeploy, and come from no policy that AWS manages', () => {
    const found = stage().resources(stage().api, 'AWS::IAM::Role');
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(permissionsOf(stage())).toSorted());
    for (const [name, { Properties }] of Object.entries(found)) {
      const Service = name === 'DeploymentRole' ? 'codedeploy.amazonaws.com' : 'lambda.amazonaws.com';
      expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service } }],
      });
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('are nobody else’s: no resource of the data has a policy that allows anything', () => {
    for (const type of [
      'AWS::S3::BucketPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::SecretsManager::ResourcePolicy',
    ]) {
      for (const { Properties } of Object.values(stage().resources(stage().stateful, type))) {
        const { Statement } = Properties['PolicyDocument'] as { Statement: { Effect: string }[] };
        expect(Statement.filter(({ Effect }) => Effect !== 'Deny')).toEqual([]);
      }
    }
  });
}
