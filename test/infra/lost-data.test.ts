import { beforeAll, describe, expect, it } from '@jest/globals';
import { lostData, type StatefulTemplate } from '../../infra/deploy/lost-data.ts';
import { statefulTemplate } from '../../infra/deploy/stateful-template.ts';
import { secretIds } from '../../infra/stacks/secret-ids.ts';
import { stageSettings } from '../../infra/stages.ts';

type Resources = Record<
  string,
  { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> }
>;

const table = 'ConversationsBC91B70D';
const settings = stageSettings('prod');
let deployed: StatefulTemplate;
beforeAll(() => {
  deployed = statefulTemplate(settings);
}, 60_000);

/** What is lost when the deployed template is altered so. */
function lossesOf(
  alter: (resources: Resources) => void,
  secrets = secretIds(settings),
  from = deployed,
): string[] {
  const next = structuredClone(from);
  alter(next.Resources as Resources);
  return lostData(from, next, secrets);
}

describe('a deployment loses nothing', () => {
  it.each<[string, (resources: Resources) => void]>([
    ['without a change', () => {}],
    [
      'when a table gets another index',
      (resources) => {
        const { Properties } = resources[table]!;
        (Properties['AttributeDefinitions'] as object[]).push({ AttributeName: 'tag', AttributeType: 'S' });
        (Properties['GlobalSecondaryIndexes'] as object[]).push({
          IndexName: 'byTag',
          KeySchema: [{ AttributeName: 'tag', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        });
      },
    ],
    [
      'when a queue hides its messages for longer',
      ({ Drafts48781BBF }) => {
        Drafts48781BBF!.Properties['VisibilityTimeout'] = 600;
      },
    ],
    [
      'when the stage no longer keeps its data: it is still there',
      (resources) => {
        for (const resource of Object.values(resources)) resource.DeletionPolicy = 'Delete';
      },
    ],
    [
      'with another table',
      (resources) => {
        resources['Another'] = resources[table]!;
      },
    ],
  ])('%s', (_, alter) => {
    expect(lossesOf(alter)).toEqual([]);
  });

  it('when a source is switched off, or taken out: its secret is let go', () => {
    const without = { ...settings, sources: { off: ['stripe-disputes'] } };
    const losses = lossesOf((resources) => {
      delete resources['StripeDisputesHookSecret80D569B8'];
    }, secretIds(without));
    expect(losses).toEqual([]);
  });

  it('when a relay ends, or gets its key from another secret: the one that was made is let go', () => {
    const baseUrl = 'https://acme.api.kustomerapp.com';
    const relay = { ...settings, destination: { kind: 'kustomer' as const, baseUrl } };
    const apiKeySecret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
    const from = statefulTemplate(relay);
    const end = ({ KustomerApiKey1B69D97F: key, ...rest }: Resources) => {
      expect(key).toBeDefined();
      return rest;
    };
    const next = { Resources: end(from.Resources as Resources) };
    for (const destination of [{ kind: 'dynamodb' as const }, { ...relay.destination, apiKeySecret }]) {
      expect(lostData(from, next, secretIds({ ...settings, destination }))).toEqual([]);
    }
    expect(lostData(from, next, secretIds(relay))).toHaveLength(1);
  });

  it('of a stage that was deployed not to keep any', () => {
    const dev = statefulTemplate(stageSettings('dev'));
    expect(lossesOf((resources) => delete resources[table], undefined, dev)).toEqual([]);
  });
});

describe('a deployment would lose', () => {
  it.each<[string, string, (resources: Resources) => void]>([
    ['a table that is gone', 'would no longer be part of the stack', (resources) => delete resources[table]],
    [
      'a table that has another logical id',
      'would no longer be part of the stack',
      (resources) => {
        resources['Conversations00000000'] = resources[table]!;
        delete resources[table];
      },
    ],
    [
      'a table with another key',
      'would be replaced by a new and empty one',
      (resources) => {
        resources[table]!.Properties['KeySchema'] = [{ AttributeName: 'id', KeyType: 'HASH' }];
      },
    ],
    [
      'a table whose key is of another type',
      'would be replaced by a new and empty one',
      (resources) => {
        const [first] = resources[table]!.Properties['AttributeDefinitions'] as { AttributeType: string }[];
        first!.AttributeType = 'N';
      },
    ],
    [
      'a table that is given a name',
      'would be replaced by a new and empty one',
      (resources) => {
        resources[table]!.Properties['TableName'] = 'conversations';
      },
    ],
    [
      'a table that becomes another type of resource',
      'would be replaced by a new and empty one',
      (resources) => {
        resources[table]!.Type = 'AWS::DynamoDB::Table';
      },
    ],
  ])('%s, and says so', (_, loss, alter) => {
    expect(lossesOf(alter)).toEqual([`${table} (AWS::DynamoDB::GlobalTable) ${loss}`]);
  });

  it('each of several: a queue, the bucket, and the secret of a source that is on', () => {
    const ids = ['DeliveryBodies1CA71827', 'Drafts48781BBF', 'StripeDisputesHookSecret80D569B8'];
    const losses = lossesOf((resources) => {
      for (const id of ids) delete resources[id];
    });
    expect(losses.map((loss) => loss.split(' ')[0]).toSorted()).toEqual(ids);
  });

  it('the value of a secret that would be made anew', () => {
    const losses = lossesOf(({ StripeDisputesHookSecret80D569B8: secret }) => {
      secret!.Properties['GenerateSecretString'] = { PasswordLength: 20 };
    });
    expect(losses).toEqual([
      'StripeDisputesHookSecret80D569B8 (AWS::SecretsManager::Secret) would get a new random value',
    ]);
  });
});
