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

/** What the functions of a stage may do. */
export function permissionRules(stage: () => SynthesizedStage, relays = false): void {
  it('are those of the functions there are, one role each', () => {
    expect(Object.keys(permissionsOf(stage())).toSorted()).toEqual(
      Object.keys(expected).map((name) => `${name}Role`),
    );
  });

  it.each(Object.entries(relays ? relaying : expected))(
    'are for %s what it calls and nothing else',
    (name, permissions) => {
      expect(permissionsOf(stage())[`${name}Role`]).toEqual([...always(name), ...permissions].toSorted());
    },
  );

  it('come from no policy that AWS manages', () => {
    const roles = Object.values(stage().resources(stage().api, 'AWS::IAM::Role'));
    expect(roles).toHaveLength(Object.keys(expected).length);
    for (const { Properties } of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });
}
