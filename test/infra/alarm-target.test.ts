import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { notRunLocally } from '../../local/template/resource-types.ts';
import { alarmsOf } from './alarms-of.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

/** What `npm start` would name as not run. */
function notRun({ monitoring }: SynthesizedStage): string[] {
  const { Resources } = monitoring.toJSON() as { Resources: Record<string, { Type: string }> };
  return notRunLocally(
    Object.entries(Resources).map(([logicalId, { Type }]) => ({
      stack: 'monitoring',
      logicalId,
      type: Type,
      properties: {},
    })),
  );
}

describe('a stage whose alarms go to an email address', () => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized('prod', { alarmTarget: { email: 'on-call@example.com' } });
  }, 60_000);
  const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

  it('tells a topic of its own when any alarm goes off, and when it is over', () => {
    const topic = [{ Ref: Object.keys(stage.monitoring.findResources('AWS::SNS::Topic'))[0] }];
    const alarms = Object.values(alarmsOf(stage, 'prod'));
    expect(alarms.length).toBeGreaterThan(20);
    for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });

  it('has that topic tell the address', () => {
    stage.monitoring.resourceCountIs('AWS::SNS::Subscription', 1);
    stage.monitoring.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  it('encrypts notifications with a key that CloudWatch may use and that is renewed', () => {
    stage.monitoring.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TopicKey'), 'Arn'] },
    });
    stage.monitoring.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: ofThisAccount,
          }),
        ]),
      },
    });
  });

  it('lets CloudWatch publish to it for this account, and nobody over a connection that is not encrypted', () => {
    stage.monitoring.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: 'sns:Publish',
            Condition: ofThisAccount,
          }),
        ]),
      },
    });
  });

  it('runs locally as others do: there is nothing to run of what only tells', () => {
    expect(notRun(stage)).toEqual([]);
  });
});

it('a stage whose alarms go to a topic that there is tells that one, and has none of its own', () => {
  const topicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
  const stage = synthesized('dev', { alarmTarget: { topicArn } });
  for (const type of ['AWS::SNS::Topic', 'AWS::SNS::Subscription', 'AWS::KMS::Key']) {
    stage.monitoring.resourceCountIs(type, 0);
  }
  for (const alarm of Object.values(alarmsOf(stage, 'dev'))) {
    expect(alarm).toMatchObject({ AlarmActions: [topicArn], OKActions: [topicArn] });
  }
}, 60_000);
