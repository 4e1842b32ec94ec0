import { describe, expect, it } from '@jest/globals';
import { checkedSettings } from '../../infra/check-settings.ts';
import { stages, stageSettings, type StageSettings } from '../../infra/stages.ts';

const prod = stageSettings('prod');
const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0f2c';
const domain = { name: 'intake.example.com', certificateArn };
const truststore = { truststoreBucket: 'trust', truststoreKey: 'authorities.pem' };
const relay = { kind: 'kustomer' as const, baseUrl: 'https://acme.api.kustomerapp.com' };

/** Settings as somebody may write them who overrides the types. */
const altered = (more: object) => ({ ...prod, ...more }) as StageSettings;

describe('the settings of a stage', () => {
  it.each(Object.keys(stages))('are right for %s', (stage) => {
    expect(checkedSettings(stageSettings(stage))).toEqual(stageSettings(stage));
  });

  it.each<[string, object]>([
    ['a relay', { destination: { ...relay, reservedShare: 0 } }],
    [
      'a relay with all that it can be told',
      {
        destination: {
          ...relay,
          apiKeySecret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf',
          requestsPerMinute: 1000,
          requestBytes: 100_000,
          bulkPatienceSeconds: 600,
          newCustomers: false,
        },
      },
    ],
    ['sources that are off', { sources: { off: ['events'] } }],
    ['no sources at all', { sources: { only: [] } }],
    ['a domain', { domain }],
    [
      'a domain with mutual TLS',
      { domain: { ...domain, mutualTls: { ...truststore, truststoreVersion: '3' } } },
    ],
    ['something in front of the API', { publicBaseUrl: 'https://hooks.example.com/intake' }],
    ['the longest window, and the most writers', { batchWindowSeconds: 300, writers: 1000 }],
    ['one reserve of two', { reservedConcurrency: { creates: 1 } }],
    ['throttling of one group', { throttling: { hooks: { rate: 0.5, burst: 1 } } }],
    [
      'a budget that is told by email',
      { monthlyBudget: 0.5, alarmTarget: { email: 'on-call@example.co.uk' } },
    ],
    ['a topic', { alarmTarget: { topicArn: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:on-call' } }],
  ])('may have %s', (_, more) => {
    expect(checkedSettings(altered(more))).toEqual(altered(more));
  });

  it.each<[string, object, string]>([
    ['the name', { stage: 'a stage' }, 'letters, digits and hyphens'],
    [
      'organisation.id',
      { organisation: { ...prod.organisation, id: '5A96DAC36DD73800112FAB2E' } },
      '24 lower-case hex',
    ],
    [
      'organisation.userId',
      { organisation: { ...prod.organisation, userId: 'me' } },
      '24 lower-case hex digits',
    ],
    [
      'destination.baseUrl',
      { destination: { ...relay, baseUrl: 'http://acme.example.com' } },
      'an https URL',
    ],
    [
      'destination.baseUrl',
      { destination: { ...relay, baseUrl: `${relay.baseUrl}/` } },
      'without a slash at its end',
    ],
    ['destination.reservedShare', { destination: { ...relay, reservedShare: 1 } }, 'from 0 to below 1'],
    [
      'sources',
      { sources: { off: ['event'] } },
      'names of functions/hooks/sources.ts: events, github-issues',
    ],
    ['sources', { sources: { only: ['constructor'] } }, 'names of functions/hooks/sources.ts'],
    [
      'domain.name',
      { domain: { ...domain, name: 'https://intake.example.com' } },
      'a host name in lower case',
    ],
    [
      'domain.certificateArn',
      { domain: { ...domain, certificateArn: 'arn:aws:iam::1:x' } },
      'AWS Certificate Manager',
    ],
    [
      'domain.mutualTls.truststoreKey',
      { domain: { ...domain, mutualTls: { ...truststore, truststoreKey: '' } } },
      'the name of one',
    ],
    [
      'domain.mutualTls.truststoreBucket',
      { domain: { ...domain, mutualTls: { ...truststore, truststoreBucket: '' } } },
      'the name of one',
    ],
    ['publicBaseUrl', { publicBaseUrl: 'https://hooks.example.com/?a=b' }, 'without a query'],
    ['logRetentionDays', { logRetentionDays: 10 }, 'one of 1, 3, 5, 7, 14'],
    ['batchWindowSeconds', { batchWindowSeconds: 0 }, 'a whole number from 1 to 300'],
    ['batchWindowSeconds', { batchWindowSeconds: 1.5 }, 'a whole number from 1 to 300'],
    ['writers', { writers: 1 }, 'a whole number from 2 to 1000'],
    ['reservedConcurrency.hooks', { reservedConcurrency: { hooks: 0 } }, 'a whole number of 1 or more'],
    ['reservedConcurrency.creates', { reservedConcurrency: { creates: 1.5 } }, 'a whole number of 1 or more'],
    [
      'throttling',
      { throttling: { hook: { rate: 1, burst: 1 } } },
      'by group: hooks, creates, bulk, reads, replays, others',
    ],
    [
      'throttling.bulk.rate',
      { throttling: { bulk: { rate: 0, burst: 1 } } },
      'a number above 0, at most 10000',
    ],
    [
      'throttling.bulk.burst',
      { throttling: { bulk: { rate: 1, burst: 5001 } } },
      'a whole number from 1 to 5000',
    ],
    ['rollout.canaryMinutes', { rollout: { canaryMinutes: 1 } }, '5, 10, 15 or 30'],
    ['alarmTarget.email', { alarmTarget: { email: 'on-call' } }, 'an email address'],
    [
      'alarmTarget.topicArn',
      { alarmTarget: { topicArn: 'arn:aws:sqs:eu-central-1:123456789012:q' } },
      'the ARN of an SNS topic',
    ],
    ['monthlyBudget', { monthlyBudget: 50 }, 'beside an alarmTarget that is told'],
    ['monthlyBudget', { monthlyBudget: 0, alarmTarget: { email: 'a@example.com' } }, 'US dollars above 0'],
  ])('are refused for %s that is not right, which is told: %j', (setting, more, right) => {
    const check = () => checkedSettings(altered(more));
    expect(check).toThrow(/^The settings of the stage .* in infra\/stages\.ts are not right:\n {2}[^\n]*$/);
    expect(check).toThrow(`  ${setting} is `);
    expect(check).toThrow(right);
  });

  it('are refused for all that is not right at once, each in its line, with what was found', () => {
    expect(() => checkedSettings(altered({ writers: 0, publicBaseUrl: 'hooks.example.com' }))).toThrow(
      'The settings of the stage prod in infra/stages.ts are not right:\n' +
        '  publicBaseUrl is "hooks.example.com": it must be an https URL without a query and without a slash at its end\n' +
        '  writers is 0: it must be a whole number from 2 to 1000',
    );
  });
});
