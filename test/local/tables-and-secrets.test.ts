import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret } from '../../local/secrets/generate-secret.ts';
import { SecretsFile } from '../../local/secrets/secrets-file.ts';
import { startSecretsServer, type SecretsServer } from '../../local/secrets/secrets-server.ts';
import { runTemplate } from './running-template.ts';
import { newFolder, type WrittenTemplate } from './written-assembly.ts';

// Some tests start a template twice, while other tests have the processors.
jest.setTimeout(20_000);

const key = (name: string, type: string): object => ({ AttributeName: name, KeyType: type });

function tables(range = 'customerAt'): WrittenTemplate {
  return {
    resources: {
      Conversations: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          TableName: 'conversations',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [key('pk', 'HASH')],
          AttributeDefinitions: ['pk', 'customer', range].map((name) => ({
            AttributeName: name,
            AttributeType: 'S',
          })),
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byCustomer',
              KeySchema: [key('customer', 'HASH'), key(range, 'RANGE')],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          Replicas: [
            { Region: 'us-east-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
          ],
        },
      },
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true } },
      },
      Given: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'given', SecretString: 'as given' } },
    },
  };
}

describe('a table', () => {
  test('answers queries of its index in order and page by page, and keeps its items over a restart', async () => {
    const first = await runTemplate(tables());
    for (const number of [3, 1, 2]) {
      const Item = { pk: { S: `id${number}` }, customer: { S: 'c' }, customerAt: { S: `at${number}` } };
      await first.dynamodb.send(new PutItemCommand({ TableName: 'conversations', Item }));
    }
    await first.close();

    const again = await runTemplate(tables(), first.dataDir);
    const query = {
      TableName: 'conversations',
      IndexName: 'byCustomer',
      KeyConditionExpression: 'customer = :c',
      ExpressionAttributeValues: { ':c': { S: 'c' } },
      ScanIndexForward: false,
      Limit: 2,
    };
    const page = await again.dynamodb.send(new QueryCommand(query));
    expect(page.Items?.map(({ pk }) => pk?.S)).toEqual(['id3', 'id2']);
    const rest = await again.dynamodb.send(
      new QueryCommand({ ...query, ExclusiveStartKey: page.LastEvaluatedKey }),
    );
    expect(rest.Items?.map(({ pk }) => pk?.S)).toEqual(['id1']);
    await again.close();
  });

  test('whose keys changed since it was made stops the start with a sentence', async () => {
    const first = await runTemplate(tables());
    await first.close();
    await expect(runTemplate(tables('otherRange'), first.dataDir)).rejects.toThrow(
      /^The table conversations on disk has other keys or indexes than the template\./,
    );
  });

  test('refuses a second put on a condition that no longer holds', async () => {
    const system = await runTemplate(tables());
    const put = new PutItemCommand({
      TableName: 'conversations',
      Item: { pk: { S: 'id' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await system.dynamodb.send(put);
    await expect(system.dynamodb.send(put)).rejects.toThrow('The conditional request failed');
    expect((await system.dynamodb.send(new ScanCommand({ TableName: 'conversations' }))).Count).toBe(1);
    await system.close();
  });
});

describe('a template’s secrets', () => {
  test('get a value once, as their resource says, and keep it', async () => {
    const first = await runTemplate(tables());
    const generated = await first.secrets.get('Secret');
    expect(generated?.value).toMatch(/^[A-Za-z0-9]{40}$/);
    expect((await first.secrets.get('given'))?.value).toBe('as given');
    await first.close();
    const again = await runTemplate(tables(), first.dataDir);
    expect(await again.secrets.get('Secret')).toEqual(generated);
    await again.close();
  });

  test('are readable by their owner only', async () => {
    const system = await runTemplate(tables());
    expect(statSync(join(system.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    await system.close();
  });
});

describe('the secrets server, asked by the real client', () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hook';
  const folder = newFolder();
  let server: SecretsServer;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    server = await startSecretsServer(new SecretsFile(join(folder, 'secrets.json')));
    server.serve(new Set(['hook', 'empty']));
    client = new SecretsManagerClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(new PutSecretValueCommand({ SecretId: 'hook', SecretString: 'first' }));
  });

  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  test.each(['hook', arn])('gives the value of %s', async (SecretId) => {
    expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
      ARN: arn,
      Name: 'hook',
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  });

  test('describes a secret without its value', async () => {
    const described = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(described).toMatchObject({ ARN: arn, Name: 'hook' });
    expect(described).not.toHaveProperty('SecretString');
  });

  test.each(['none', 'empty', 'constructor'])(
    'refuses %s, which has no value, as not found',
    async (SecretId) => {
      await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
    },
  );

  test('keeps each of many values put at the same time', async () => {
    const values = Array.from({ length: 20 }, (_, number) => `value ${number}`);
    server.serve(new Set(values.map((value) => `name of ${value}`)));
    await Promise.all(
      values.map((value) =>
        client.send(new PutSecretValueCommand({ SecretId: `name of ${value}`, SecretString: value })),
      ),
    );
    for (const value of values) {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `name of ${value}` }));
      expect(SecretString).toBe(value);
    }
  });
});

describe('a generated secret', () => {
  test('has 32 characters with one of each type unless told otherwise', () => {
    const secret = generateSecret({});
    expect(secret).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(secret).toMatch(type);
  });

  test('has none of the excluded characters', () => {
    expect(
      generateSecret({
        PasswordLength: 500,
        ExcludePunctuation: true,
        ExcludeUppercase: true,
        ExcludeCharacters: 'abc123',
      }),
    ).toMatch(/^[d-z04-9]{500}$/);
  });

  test('stands under its key in the template’s object', () => {
    const options = { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: 'password' };
    expect(JSON.parse(generateSecret(options))).toEqual({ user: 'me', password: expect.any(String) });
  });
});
