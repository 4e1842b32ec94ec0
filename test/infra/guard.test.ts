import { beforeAll, describe, expect, it } from '@jest/globals';
import { defaultThrottling, stages } from '../../infra/stages.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

interface StageProperties {
  AccessLogSettings: { Format: string };
  RouteSettings: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }>;
}

const stageOf = ({ api, resources }: SynthesizedStage) =>
  resources(api, 'AWS::ApiGatewayV2::Stage')['DefaultStage']!;
const settingsOf = (stage: SynthesizedStage) => stageOf(stage).Properties as unknown as StageProperties;
const reserved = ({ api, resources }: SynthesizedStage) =>
  Object.fromEntries(
    Object.entries(resources(api, 'AWS::Lambda::Function')).flatMap(([name, { Properties }]) => {
      const executions = Properties['ReservedConcurrentExecutions'];
      return executions === undefined ? [] : [[name, executions]];
    }),
  );

describe.each(Object.keys(stages))('the stage %s', (name) => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized(name);
  }, 60_000);

  it('throttles every route, and comes after all of them', () => {
    const routes = stage.api.findResources('AWS::ApiGatewayV2::Route') as Record<
      string,
      { Properties: { RouteKey: string } }
    >;
    const keys = Object.values(routes).map(({ Properties }) => Properties.RouteKey);
    expect(keys.length).toBeGreaterThan(10);
    expect(Object.keys(settingsOf(stage).RouteSettings).toSorted()).toEqual(keys.toSorted());
    expect(stageOf(stage)).toMatchObject({ DependsOn: expect.arrayContaining(Object.keys(routes)) });
  });

  it.each([
    ['POST /v1/hooks/{source}', 'hooks'],
    ['POST /v1/conversations', 'creates'],
    ['POST /v1/customers/{id}/conversations', 'creates'],
    ['POST /v1/conversations/bulk', 'bulk'],
    ['GET /v1/conversations/{id+}', 'reads'],
    ['POST /v1/hooks/{source}/replay', 'replays'],
    ['$default', 'others'],
  ] as const)('takes at %s what is set for %s', (key, group) => {
    const { rate, burst } = stages[name]!.throttling?.[group] ?? defaultThrottling[group];
    expect(settingsOf(stage).RouteSettings[key]).toEqual({
      ThrottlingRateLimit: rate,
      ThrottlingBurstLimit: burst,
    });
  });

  it('logs each request as JSON, and of what it carries nothing but the user agent', () => {
    const line = JSON.parse(settingsOf(stage).AccessLogSettings.Format) as Record<string, string>;
    for (const value of Object.values(line)) expect(value).toMatch(/^\$context\.\w+(\.\w+)?$/);
    expect(Object.values(line)).toEqual(
      expect.arrayContaining([
        '$context.requestId',
        '$context.routeKey',
        '$context.status',
        '$context.identity.sourceIp',
        '$context.responseLatency',
        '$context.integrationLatency',
        '$context.integrationErrorMessage',
      ]),
    );
    expect(Object.values(line).join()).not.toMatch(/path|query|header|authorizer|request\.|cookie/i);
  });

  it('sets aside what its settings say', () => {
    const { hooks, creates } = stages[name]!.reservedConcurrency ?? {};
    expect(reserved(stage)).toEqual({
      ...(hooks !== undefined && { ReceiveHookFunction: hooks }),
      ...(creates !== undefined && { CreateConversationFunction: creates }),
    });
  });
});

describe('a stage', () => {
  it('may throttle one group in its own way, and set aside for hooks alone', () => {
    const stage = synthesized('dev', {
      throttling: { hooks: { rate: 7, burst: 9 } },
      reservedConcurrency: { hooks: 20 },
    });
    expect(settingsOf(stage).RouteSettings).toMatchObject({
      'POST /v1/hooks/{source}': { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
      'POST /v1/conversations': { ThrottlingRateLimit: defaultThrottling.creates.rate },
    });
    expect(reserved(stage)).toEqual({ ReceiveHookFunction: 20 });
  }, 60_000);

  it('that goes to production sets aside executions for hooks and for creates', () => {
    expect(stages['prod']?.reservedConcurrency).toEqual({
      hooks: expect.any(Number),
      creates: expect.any(Number),
    });
  });
});
