import { beforeAll, describe, expect, it } from '@jest/globals';
import { sources } from '../../functions/hooks/sources.ts';
import { metricNamespace } from '../../functions/lambda/metric-names.ts';
import { stages, type StageSettings } from '../../infra/stages.ts';
import { alarmsOf, metricsOf, periodsOf, type AlarmProperties } from './alarms-of.ts';
import { anchorsOf } from './anchors-of.ts';
import { kebabCase } from './kebab-case.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

const kustomer = { kind: 'kustomer', baseUrl: 'https://acme.api.kustomerapp.com' } as const;
const runbooks = anchorsOf('docs/operations.md', 'alarms');

describe.each<[string, string, Partial<StageSettings>]>([
  ...Object.keys(stages).map((name): [string, string, object] => [name, name, {}]),
  ['prod where it relays', 'prod', { destination: kustomer }],
])('the alarms of the stage %s', (_, name, more) => {
  const relays = 'destination' in more;
  let stage: SynthesizedStage;
  let alarms: Record<string, AlarmProperties>;
  beforeAll(() => {
    stage = synthesized(name, more);
    alarms = alarmsOf(stage, name);
  }, 60_000);
  const all = () => Object.entries(alarms);
  const namesIn = (template: keyof SynthesizedStage & ('api' | 'stateful'), type: string) =>
    Object.keys(stage.resources(stage[template], type));

  it('each say in one sentence what a user notices, and where it says what to do', () => {
    for (const [, { AlarmDescription }] of all()) {
      expect(AlarmDescription).toMatch(
        /^[A-Z][^.]{20,}\. What to do: (https:\S+\/)?docs\/operations\.md#[a-z-]+$/,
      );
      expect(runbooks).toContain(AlarmDescription.split('#')[1]);
    }
  });

  it('count the 429 of the edge by fields that its access log has', () => {
    const [filter] = Object.values(stage.resources(stage.monitoring, 'AWS::Logs::MetricFilter'));
    const fields = String(filter?.Properties['FilterPattern']).match(/(?<=\$\.)\w+/g);
    const [served] = Object.values(stage.resources(stage.api, 'AWS::ApiGatewayV2::Stage'));
    const log = served?.Properties['AccessLogSettings'] as { Format: string };
    expect(fields).toEqual(['status', 'integrationStatus']);
    expect(Object.keys(JSON.parse(log.Format) as object)).toEqual(expect.arrayContaining(fields ?? []));
  });

  it('have no section in that page without an alarm, but for the relay’s where nothing is relayed', () => {
    const linked = new Set(all().map(([, { AlarmDescription }]) => AlarmDescription.split('#')[1]));
    expect(runbooks.filter((anchor) => !linked.has(anchor))).toEqual(relays ? [] : ['vendor-key-refused']);
  });

  it('have names of the stage and of their own, that start with their section’s', () => {
    for (const [own, { AlarmDescription }] of all()) {
      expect(own.startsWith(AlarmDescription.split('#')[1]!)).toBe(true);
    }
  });

  it.each<[string, number, [datapoints: number, of: number], period: number]>([
    ['dead-letters', 0, [1, 1], 60],
    ['dead-letters-expire', 7 * 24 * 3600, [1, 1], 3600],
    ['oldest-message', relays ? 900 : 300, [3, 3], 60],
    ['late-bulk-job', 3600, [1, 3], 300],
    ['api-errors', 1, [2, 3], 300],
    ['edge-throttles', 0, [3, 5], 60],
    ['source-refused-stripe-disputes', 90, [2, 2], 900],
    ['function-errors-receive-hook', 5, [2, 3], 300],
    ['function-throttles-write-drafts', 0, [3, 5], 60],
    ['slow-creates', 5000, [3, 3], 300],
    ['table-throttles-conversations', 0, [3, 5], 60],
    ['table-errors-deliveries', 0, [3, 5], 60],
    ...(relays ? [['vendor-key-refused', 0, [1, 3], 300] as [string, number, [number, number], number]] : []),
  ])('%s goes off above %d, in %j periods of %d s', (own, threshold, [datapoints, of], period) => {
    expect(alarms[own]).toMatchObject({
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      DatapointsToAlarm: datapoints,
      EvaluationPeriods: of,
    });
    expect(periodsOf(alarms[own]!)).toEqual([period]);
  });

  it('take what is not measured for well, but what was in the dead letters to be there still', () => {
    const ignoring = all().filter(([, { TreatMissingData }]) => TreatMissingData !== 'notBreaching');
    expect(ignoring.map(([own, { TreatMissingData }]) => [own, TreatMissingData])).toEqual([
      ['dead-letters', 'ignore'],
      ['dead-letters-expire', 'ignore'],
    ]);
  });

  it('watch each function’s own errors and throttles', () => {
    const functions = namesIn('api', 'AWS::Lambda::Function').map((id) => id.replace(/Function$/, ''));
    expect(functions.length).toBeGreaterThanOrEqual(10);
    for (const each of functions) {
      const dimensions = { FunctionName: `${each}Function` };
      expect(metricsOf(alarms[`function-errors-${kebabCase(each)}`]!)).toEqual([
        { namespace: 'AWS/Lambda', name: 'Errors', dimensions },
        { namespace: 'AWS/Lambda', name: 'Invocations', dimensions },
      ]);
      expect(metricsOf(alarms[`function-throttles-${kebabCase(each)}`]!)).toEqual([
        { namespace: 'AWS/Lambda', name: 'Throttles', dimensions },
      ]);
    }
  });

  it('take no rate of fewer than 10 invocations, 5 answers 5xx or 5 refused deliveries', () => {
    const expressionOf = (own: string) =>
      alarms[own]?.Metrics?.find(({ Expression }) => Expression)?.Expression;
    for (const [own] of all().filter(([each]) => each.startsWith('function-errors-'))) {
      expect(expressionOf(own)).toBe('IF(invocations >= 10, 100 * errors / invocations, 0)');
    }
    expect(expressionOf('api-errors')).toBe('IF(errors >= 5, 100 * errors / requests, 0)');
    expect(expressionOf('source-refused-events')).toMatch(/^IF\(refused >= 5, 100 \* refused \/ SUM\(/);
  });

  it('watch each table, its indexes, and every operation that functions may do on it', () => {
    const tables = stage.resources(stage.stateful, 'AWS::DynamoDB::GlobalTable');
    const allowed = new Set(JSON.stringify(stage.api.toJSON()).match(/(?<="dynamodb:)\w+/g));
    for (const [table, { Properties }] of Object.entries(tables)) {
      const indexes = (Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string }[];
      const throttles = metricsOf(alarms[`table-throttles-${kebabCase(table)}`]!);
      expect(throttles.map(({ name, dimensions }) => [name, dimensions])).toEqual(
        [{}, ...indexes.map(({ IndexName }) => ({ GlobalSecondaryIndexName: IndexName }))].flatMap(
          (index) => [
            ['ReadThrottleEvents', { TableName: table, ...index }],
            ['WriteThrottleEvents', { TableName: table, ...index }],
          ],
        ),
      );
      const errors = metricsOf(alarms[`table-errors-${kebabCase(table)}`]!);
      expect(new Set(errors.map(({ dimensions }) => dimensions['Operation']))).toEqual(allowed);
      expect(
        errors.every(({ name, dimensions }) => name === 'SystemErrors' && dimensions['TableName'] === table),
      ).toBe(true);
    }
  });

  it('watch each source’s deliveries', () => {
    for (const source of Object.keys(sources)) {
      for (const { namespace, dimensions } of metricsOf(alarms[`source-refused-${source}`]!)) {
        expect(namespace).toBe(metricNamespace);
        expect(dimensions).toEqual({ Stage: name, Source: source });
      }
    }
  });

  it('watch the queue for its oldest message, and the dead letters, not the other way round', () => {
    expect(metricsOf(alarms['oldest-message']!)).toMatchObject([
      { name: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: 'Drafts' } },
    ]);
    expect(metricsOf(alarms['dead-letters']!)).toMatchObject([
      { name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: 'DeadLetters' } },
    ]);
    expect(metricsOf(alarms['dead-letters-expire']!)).toMatchObject([
      { name: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: 'DeadLetters' } },
    ]);
  });

  it('go off days before SQS deletes a dead letter, even one that was as long in the queue as it can be', () => {
    const { Drafts, DeadLetters } = stage.resources(stage.stateful, 'AWS::SQS::Queue');
    const seconds = (queue: typeof Drafts) => Number(queue?.Properties['MessageRetentionPeriod']);
    const left = seconds(DeadLetters) - seconds(Drafts) - alarms['dead-letters-expire']!.Threshold;
    expect(left).toBeGreaterThanOrEqual(2 * 24 * 3600);
  });

  it('warn of slow webhooks before the most impatient sender gives up, and not while a slow destination is left to the queue', () => {
    const shortest = Math.min(...Object.values(sources).map(({ sender }) => sender.deadline * 1000));
    const { Threshold, ExtendedStatistic } = alarms['slow-hooks']!;
    expect(ExtendedStatistic).toBe('p99');
    expect(Threshold).toBeLessThan(shortest - 1000);
    expect(Threshold).toBeGreaterThan((shortest - 1000) / 2);
  });

  it('warn of slow creates before their function is ended', () => {
    const { CreateConversationFunction } = stage.resources(stage.api, 'AWS::Lambda::Function');
    const { Threshold, ExtendedStatistic } = alarms['slow-creates']!;
    expect(ExtendedStatistic).toBe('p99');
    expect(Threshold).toBeLessThan(Number(CreateConversationFunction?.Properties['Timeout']) * 1000);
  });

  it(`${relays ? 'tell' : 'do not tell'} of a refused vendor’s key`, () => {
    expect(Object.hasOwn(alarms, 'vendor-key-refused')).toBe(relays);
  });

  it('are made of no more metrics than an alarm may be', () => {
    for (const [, alarm] of all()) expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
  });

  it('tell nobody without a target', () => {
    stage.monitoring.resourceCountIs('AWS::SNS::Topic', 0);
    for (const [, alarm] of all()) {
      expect(alarm).not.toHaveProperty('AlarmActions');
      expect(alarm).not.toHaveProperty('OKActions');
    }
  });

  it('stand in nobody’s way: no function, queue or table must stay because an alarm names it', () => {
    const text = JSON.stringify(stage.monitoring.toJSON());
    expect(text).not.toContain('Fn::ImportValue');
    expect(text).toContain('Fn::GetStackOutput');
  });
});
