import { beforeAll, describe, expect, it } from '@jest/globals';
import { permissionRules } from './permissions.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

const baseUrl = 'https://acme.api.kustomerapp.com';

describe('a stage that relays to Kustomer', () => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized('prod', { destination: { kind: 'kustomer', baseUrl } });
  }, 60_000);
  const variablesOf = (name: string) => {
    const { Properties } = stage.resources(stage.api, 'AWS::Lambda::Function')[`${name}Function`]!;
    return (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
  };

  describe('its permissions', () => permissionRules(() => stage, { relays: true, canaries: true }));

  it('has a secret for the API key, without a value until somebody sets it, and kept when its stack goes', () => {
    const { KustomerApiKey } = stage.resources(stage.stateful, 'AWS::SecretsManager::Secret');
    expect(KustomerApiKey).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(KustomerApiKey?.Properties).not.toHaveProperty('GenerateSecretString');
    expect(KustomerApiKey?.Properties).not.toHaveProperty('SecretString');
    expect(Object.keys(stage.stateful.findOutputs('KustomerApiKeySecret'))).toHaveLength(1);
  });

  it.each([
    'CreateConversation',
    'GetConversation',
    'ListConversations',
    'ReceiveHook',
    'GetDeliveries',
    'ReplayDeliveries',
    'WriteDrafts',
  ])('tells %s where to relay, and where the key is, never the key', (name) => {
    const variables = variablesOf(name);
    expect(variables).toMatchObject({
      KUSTOMER_BASE_URL: baseUrl,
      KUSTOMER_KEY_ARN: { 'Fn::ImportValue': expect.stringContaining('KustomerApiKey') },
      KUSTOMER_NEW_CUSTOMERS: 'yes',
      KUSTOMER_RESERVED_SHARE: '0.2',
      ORGANISATION_ID: '5a96dac36dd73800112fab2e',
    });
    expect(variables).not.toHaveProperty('CONVERSATIONS_TABLE');
  });

  it('tells the function that creates where to queue what is put off', () => {
    expect(variablesOf('CreateConversation')).toHaveProperty('DRAFTS_QUEUE_URL');
  });

  it('lets the function that writes send itself what it follows up, and takes ten requests’ worth of messages at a time', () => {
    const { WriteDraftsFunction } = stage.resources(stage.api, 'AWS::Lambda::Function');
    expect(WriteDraftsFunction?.Properties).toMatchObject({ RecursiveLoop: 'Allow' });
    const [mapping] = Object.values(stage.resources(stage.api, 'AWS::Lambda::EventSourceMapping'));
    expect(mapping?.Properties).toMatchObject({ BatchSize: 1000 });
  });

  it('uses a secret for the key that is there already, where it names one', () => {
    const apiKeySecret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:kustomer-AbCdEf';
    const own = synthesized('prod', { destination: { kind: 'kustomer', baseUrl, apiKeySecret } });
    expect(own.resources(own.stateful, 'AWS::SecretsManager::Secret')).not.toHaveProperty('KustomerApiKey');
    expect(own.stateful.findOutputs('KustomerApiKeySecret')).toMatchObject({
      KustomerApiKeySecret: { Value: apiKeySecret },
    });
  });

  it('leaves others the share that it sets, and makes no customers where it says so', () => {
    const destination = { kind: 'kustomer', baseUrl, reservedShare: 0.5, newCustomers: false } as const;
    stage = synthesized('dev', { destination });
    expect(variablesOf('WriteDrafts')).toMatchObject({
      KUSTOMER_NEW_CUSTOMERS: 'no',
      KUSTOMER_RESERVED_SHARE: '0.5',
    });
  }, 60_000);
});

it('a stage that does not relay has no secret for a key, and names no other destination', () => {
  const { stateful, api, resources } = synthesized('dev');
  expect(resources(stateful, 'AWS::SecretsManager::Secret')).not.toHaveProperty('KustomerApiKey');
  expect(JSON.stringify(api.toJSON())).not.toContain('KUSTOMER');
  const { CreateConversationFunction } = resources(api, 'AWS::Lambda::Function');
  expect(JSON.stringify(CreateConversationFunction)).not.toContain('DRAFTS_QUEUE_URL');
}, 60_000);
