import { expect, it } from '@jest/globals';
import { statefulTemplate } from '../../infra/deploy/stateful-template.ts';
import { stageSettings } from '../../infra/stages.ts';
import { synthesized } from './synthesized.ts';

/**
 * What holds data, by logical id. CloudFormation knows a resource by nothing else: under another id it would be made anew, empty, while
 * the one with the data is let go. An id that is here may never change; a new resource gets a line, but for the secret of a source of yours.
 */
const resources = {
  ConversationsBC91B70D: 'AWS::DynamoDB::GlobalTable',
  ApiKeys3BB3983D: 'AWS::DynamoDB::GlobalTable',
  BulkJobs0919C84B: 'AWS::DynamoDB::GlobalTable',
  LimitsA6AFC87B: 'AWS::DynamoDB::GlobalTable',
  DeliveriesBF2F7293: 'AWS::DynamoDB::GlobalTable',
  DeliveryBodies1CA71827: 'AWS::S3::Bucket',
  DeadLettersBBF8BAAB: 'AWS::SQS::Queue',
  Drafts48781BBF: 'AWS::SQS::Queue',
  KustomerApiKey1B69D97F: 'AWS::SecretsManager::Secret',
  EventsHookSecretD2C48642: 'AWS::SecretsManager::Secret',
  GithubIssuesHookSecretA6BDBAA4: 'AWS::SecretsManager::Secret',
  GithubReleasesHookSecret5C24BE2B: 'AWS::SecretsManager::Secret',
  PagerdutyIncidentsHookSecret5767AD5F: 'AWS::SecretsManager::Secret',
  ShopifyCancelledOrdersHookSecret904DC030: 'AWS::SecretsManager::Secret',
  StripeDisputesHookSecret80D569B8: 'AWS::SecretsManager::Secret',
  TypeformResponsesHookSecretE47C33D2: 'AWS::SecretsManager::Secret',
};
const destination = { kind: 'kustomer' as const, baseUrl: 'https://acme.api.kustomerapp.com' };
const policies = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'];

it('what holds data has the logical id it always had', () => {
  const { Resources } = synthesized('prod', { destination }).stateful.toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  const found = Object.entries(Resources).filter(
    ([id, { Type }]) =>
      !policies.includes(Type) && (!/HookSecret.{8}$/.test(id) || Object.hasOwn(resources, id)),
  );
  expect(Object.fromEntries(found.map(([id, { Type }]) => [id, Type]))).toEqual(resources);
}, 60_000);

it('what is checked before a deployment is what it would bring', () => {
  const settings = stageSettings('prod');
  const { Resources } = synthesized('prod').stateful.toJSON() as { Resources: object };
  expect(Object.keys(statefulTemplate(settings).Resources ?? {})).toEqual(Object.keys(Resources));
  expect(statefulTemplate(settings)).toMatchObject({
    Resources: { ConversationsBC91B70D: { DeletionPolicy: 'Retain' } },
  });
}, 60_000);
