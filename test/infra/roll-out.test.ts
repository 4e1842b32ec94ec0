import { beforeAll, describe, expect, it } from '@jest/globals';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { rmSync } from 'node:fs';
import { IntakeFunction } from '../../infra/constructs/intake-function.ts';
import { rollOut } from '../../infra/constructs/roll-out.ts';
import { stages, stageSettings } from '../../infra/stages.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

type Found = Record<string, { Properties: Record<string, unknown>; UpdatePolicy?: object }>;

describe.each(Object.keys(stages))('the stage %s', (name) => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized(name);
  }, 60_000);
  const found = (type: string) => stage.api.findResources(type) as Found;

  it('has an alias of each function, which leads to the version that is deployed', () => {
    const functions = Object.keys(found('AWS::Lambda::Function'));
    const aliases = Object.values(found('AWS::Lambda::Alias'));
    expect(aliases.map(({ Properties }) => Properties['FunctionName'])).toEqual(
      functions.map((id) => ({ Ref: id })),
    );
    for (const { Properties } of aliases) {
      const { Ref: id } = Properties['FunctionName'] as { Ref: string };
      expect(Properties).toMatchObject({
        Name: 'live',
        FunctionVersion: {
          'Fn::GetAtt': [expect.stringMatching(`^${id.slice(0, -8)}CurrentVersion`), 'Version'],
        },
      });
    }
  });

  it('invokes nothing but aliases: by its routes, by its queue, and by who is permitted to', () => {
    const aliases = Object.keys(found('AWS::Lambda::Alias')).map((id) => ({ Ref: id }));
    const integrations = Object.values(found('AWS::ApiGatewayV2::Integration'));
    const permissions = Object.values(found('AWS::Lambda::Permission'));
    const mappings = Object.values(found('AWS::Lambda::EventSourceMapping'));
    expect(integrations).toHaveLength(13);
    expect(permissions).toHaveLength(13);
    expect(mappings).toHaveLength(1);
    for (const { Properties } of integrations) expect(aliases).toContainEqual(Properties['IntegrationUri']);
    for (const { Properties } of permissions) {
      expect(aliases).toContainEqual(Properties['FunctionName']);
      expect(Properties).toMatchObject({
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Join': ['', expect.arrayContaining([{ Ref: expect.stringMatching(/^Api/) }])] },
      });
    }
    for (const { Properties } of mappings) {
      // Its name and the alias's, taken from the alias's ARN.
      expect(Properties['FunctionName']).toMatchObject({ 'Fn::Join': ['', [expect.anything(), ':live']] });
      expect(JSON.stringify(Properties['FunctionName'])).toMatch(/"Ref":"WriteDraftsLive/);
    }
  });
});

describe('a stage with canaries', () => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized('dev', { rollout: { canaryMinutes: 10 } });
  }, 60_000);
  const found = (type: string) => stage.api.findResources(type) as Found;

  it('moves each alias by a deployment of 10 percent for its minutes, which an alarm takes back', () => {
    const groups = found('AWS::CodeDeploy::DeploymentGroup');
    const aliases = Object.values(found('AWS::Lambda::Alias'));
    expect(Object.keys(groups)).toHaveLength(aliases.length);
    expect(new Set(aliases.map(({ UpdatePolicy }) => JSON.stringify(UpdatePolicy))).size).toBe(
      aliases.length,
    );
    for (const { UpdatePolicy } of aliases) {
      expect(UpdatePolicy).toEqual({
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: expect.stringMatching(/^Functions/) },
          DeploymentGroupName: { Ref: expect.stringMatching(/Deployment/) },
        },
      });
    }
    for (const [id, group] of Object.entries(groups)) {
      const name = id.replace(/Deployment.{8}$/, '');
      expect(group).toMatchObject({
        Properties: {
          DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
          AutoRollbackConfiguration: {
            Enabled: true,
            Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
          },
          AlarmConfiguration: {
            Enabled: true,
            Alarms: [
              { Name: { Ref: expect.stringMatching(`^${name}FailedInvocations`) } },
              { Name: { Ref: expect.stringMatching(/^ServerErrors/) } },
            ],
          },
        },
        DependsOn: expect.arrayContaining([expect.stringMatching(/^DeploymentRoleDefaultPolicy/)]),
      });
    }
  });

  it('watches what each alias and the API answer, and says what a user notices', () => {
    const alarms = Object.values(stage.resources(stage.api, 'AWS::CloudWatch::Alarm'));
    const watched = alarms.filter(({ Properties }) => Properties['Threshold'] === 5);
    expect(watched).toHaveLength(Object.keys(found('AWS::Lambda::Alias')).length + 1);
    for (const { Properties } of watched) {
      expect(Properties).toMatchObject({
        AlarmDescription: expect.stringMatching(/^More than 5 % of /),
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  it('lets no deployment wait for an alias whose permission waits for it', () => {
    const policies = stage.resources(stage.api, 'AWS::IAM::Policy');
    const aliases = Object.keys(found('AWS::Lambda::Alias'));
    const text = JSON.stringify(policies['DeploymentRoleDefaultPolicy']);
    for (const id of aliases) expect(text).not.toContain(`"${id}"`);
  });
});

it('a stage without canaries has no deployments, and its aliases move at once', () => {
  const { api } = synthesized('dev');
  api.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
  for (const alias of Object.values(api.findResources('AWS::Lambda::Alias'))) {
    expect(alias).not.toHaveProperty('UpdatePolicy');
  }
}, 60_000);

it('alarms of others take a deployment back, too', () => {
  const app = new App({ context: { [BUNDLING_STACKS]: [] }, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'stack');
  const settings = { ...stageSettings('prod') };
  new IntakeFunction(stack, 'One', {
    settings,
    handler: 'no-such-route',
    description: '',
    environment: {},
    timeout: 3,
    memory: 128,
  });
  const metric = new Metric({ namespace: 'ConversationIntake', metricName: 'Failed' });
  const alarm = new Alarm(stack, 'Other', { metric, threshold: 1, evaluationPeriods: 1 });
  rollOut(stack, new HttpApi(stack, 'Api'), settings, [alarm]);
  const template = Template.fromStack(stack);
  rmSync(app.outdir, { recursive: true });
  const [group] = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup') as Found);
  const { Alarms } = group!.Properties['AlarmConfiguration'] as { Alarms: object[] };
  expect(Alarms).toHaveLength(3);
  expect(Alarms).toContainEqual({ Name: { Ref: expect.stringMatching(/^Other/) } });
});
