import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { customerIndex } from '../../functions/conversations/dynamo-list.ts';
import { sources } from '../../functions/hooks/sources.ts';
import { verdictIndex } from '../../functions/hooks/stored-delivery.ts';
import { stages } from '../../infra/stages.ts';
import { permissionRules } from './permissions.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

interface FunctionProperties {
  Architectures: string[];
  Runtime: string;
  Timeout: number;
  MemorySize: number;
  TracingConfig: { Mode: string };
  LoggingConfig: { LogFormat: string; LogGroup: { Ref: string } };
  Environment: { Variables: Record<string, unknown> };
  Role: { 'Fn::GetAtt': [string, string] };
}

describe.each(Object.keys(stages))('the stage %s', (name) => {
  const settings = stages[name]!;
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized(name);
  }, 60_000);
  const functions = () =>
    stage.resources(stage.api, 'AWS::Lambda::Function') as unknown as Record<
      string,
      { Properties: FunctionProperties }
    >;

  describe('its permissions', () =>
    permissionRules(() => stage, { canaries: settings.rollout !== undefined }));

  it('can bring every table back to any moment, and is charged by the request', () => {
    const tables = Object.values(stage.resources(stage.stateful, 'AWS::DynamoDB::GlobalTable'));
    expect(tables.length).toBeGreaterThanOrEqual(2);
    for (const { Properties } of tables) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
      });
    }
  });

  it(`${settings.keepsData ? 'keeps' : 'drops'} its tables, queues, bucket and secrets when its stack goes`, () => {
    const policy = settings.keepsData ? 'Retain' : 'Delete';
    for (const type of [
      'AWS::DynamoDB::GlobalTable',
      'AWS::SQS::Queue',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
    ]) {
      const found = Object.values(stage.resources(stage.stateful, type));
      expect(found).not.toEqual([]);
      for (const resource of found) {
        expect(resource).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
      }
    }
    for (const { Properties } of Object.values(
      stage.resources(stage.stateful, 'AWS::DynamoDB::GlobalTable'),
    )) {
      expect(Properties['Replicas']).toMatchObject([{ DeletionProtectionEnabled: settings.keepsData }]);
    }
  });

  it('lists a customer’s conversations from the index that the store reads', () => {
    stage.stateful.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: customerIndex,
          KeySchema: [
            { AttributeName: 'customerKey', KeyType: 'HASH' },
            { AttributeName: 'customerSort', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  it('lists deliveries from the index that their table reads, and lets each expire', () => {
    stage.stateful.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: verdictIndex.name,
          KeySchema: [
            { AttributeName: 'verdictKey', KeyType: 'HASH' },
            { AttributeName: 'verdictSort', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...verdictIndex.includes] },
        },
      ],
    });
  });

  it('keeps large bodies for as long as deliveries, encrypted, and closed to the public', () => {
    const buckets = Object.values(stage.resources(stage.stateful, 'AWS::S3::Bucket'));
    expect(buckets).toHaveLength(1);
    expect(buckets[0]?.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    stage.stateful.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
    stage.stateful.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('tells receive-hook and whoever deploys what senders call: the address of the API', () => {
    const address = { 'Fn::GetAtt': [expect.stringMatching(/^Api/), 'ApiEndpoint'] };
    expect(functions()['ReceiveHookFunction']!.Properties.Environment.Variables).toMatchObject({
      PUBLIC_BASE_URL: settings.publicBaseUrl ?? address,
    });
    expect(stage.api.findOutputs('BaseUrl')).toMatchObject({
      BaseUrl: { Value: settings.publicBaseUrl ?? address },
    });
  });

  it('moves a message to the dead letters after 5 receives, where it stays as long as SQS can', () => {
    const { Drafts, DeadLetters } = stage.resources(stage.stateful, 'AWS::SQS::Queue');
    expect(Drafts?.Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^DeadLetters/), 'Arn'] },
      maxReceiveCount: 5,
    });
    expect(DeadLetters?.Properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
    expect(DeadLetters?.Properties).not.toHaveProperty('RedrivePolicy');
  });

  it('hides a received message for at least six times as long as its consumer may run', () => {
    const { Drafts } = stage.resources(stage.stateful, 'AWS::SQS::Queue');
    const { WriteDraftsFunction } = functions();
    expect(Drafts?.Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(
      6 * WriteDraftsFunction!.Properties.Timeout + settings.batchWindowSeconds,
    );
  });

  it('takes messages over an encrypted connection only, and stores them encrypted', () => {
    stage.stateful.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    const policies = stage.stateful.findResources('AWS::SQS::QueuePolicy', {
      Properties: {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      },
    });
    expect(Object.keys(policies)).toHaveLength(2);
  });

  it('feeds write-drafts up to 100 messages at a time, each settled on its own', () => {
    const mappings = Object.values(stage.resources(stage.api, 'AWS::Lambda::EventSourceMapping'));
    expect(mappings).toHaveLength(1);
    expect(mappings[0]?.Properties).toMatchObject({
      BatchSize: 100,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: settings.batchWindowSeconds,
      ScalingConfig: { MaximumConcurrency: settings.writers },
    });
    expect(settings.batchWindowSeconds).toBeGreaterThanOrEqual(1);
  });

  it('runs every function on arm64 and Node.js 24, traced, with JSON logs that are kept for a while', () => {
    const logGroups = stage.api.findResources('AWS::Logs::LogGroup');
    expect(Object.keys(functions()).length).toBeGreaterThanOrEqual(5);
    for (const { Properties } of Object.values(functions())) {
      expect(Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(logGroups[Properties.LoggingConfig.LogGroup.Ref]).toMatchObject({
        Properties: { RetentionInDays: settings.logRetentionDays },
      });
    }
  });

  it('gives every function a log and a role of its own', () => {
    const all = Object.values(functions()).map(({ Properties }) => Properties);
    expect(new Set(all.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref)).size).toBe(all.length);
    expect(new Set(all.map(({ Role }) => Role['Fn::GetAtt'][0])).size).toBe(all.length);
  });

  it('lets no function behind the API run longer than the API waits for it', () => {
    for (const [id, { Properties }] of Object.entries(functions())) {
      if (id !== 'WriteDraftsFunction') expect(Properties.Timeout).toBeLessThanOrEqual(29);
    }
  });

  it('has a secret for each source, random until somebody sets it, and tells none to anybody', () => {
    const secrets = Object.values(stage.resources(stage.stateful, 'AWS::SecretsManager::Secret'));
    expect(secrets).toHaveLength(Object.keys(sources).length);
    for (const { Properties } of secrets) {
      expect(Properties).toHaveProperty('GenerateSecretString');
      expect(Properties).not.toHaveProperty('SecretString');
    }
    for (const template of [stage.stateful, stage.api]) {
      expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:secretsmanager');
    }
    for (const { Properties } of Object.values(functions())) {
      const names = Object.keys(Properties.Environment.Variables);
      expect(names.filter((variable) => /KEY$|TOKEN|PASSWORD|SECRET$/.test(variable))).toEqual([]);
    }
  });

  it('gives receive-hook the ARN of each source’s secret, not its value', () => {
    const { ReceiveHookFunction } = functions();
    const { HOOK_SECRETS } = ReceiveHookFunction!.Properties.Environment.Variables;
    const [, parts] = (HOOK_SECRETS as { 'Fn::Join': [string, (string | object)[]] })['Fn::Join'];
    const text = parts.map((part) => (typeof part === 'string' ? part : 'arn')).join('');
    expect(JSON.parse(text)).toEqual(
      Object.fromEntries(Object.keys(sources).map((source) => [source, 'arn'])),
    );
  });

  it('writes what webhooks bring for the organisation in its settings', () => {
    const { ReceiveHookFunction } = functions();
    expect(ReceiveHookFunction!.Properties.Environment.Variables).toMatchObject({
      ORGANISATION_ID: settings.organisation.id,
      ORGANISATION_USER_ID: settings.organisation.userId,
    });
    for (const id of Object.values(settings.organisation)) expect(id).toMatch(/^[0-9a-f]{24}$/);
  });
});
