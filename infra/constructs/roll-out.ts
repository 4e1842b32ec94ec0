import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  TreatMissingData,
  type IAlarm,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StageSettings } from '../stages.ts';
import { IntakeFunction } from './intake-function.ts';

/** Of a minute's invocations or answers, in percent: a version that fails always fails 10 of 100 while it is the canary. */
const tolerated = 5;
const minute = { period: Duration.minutes(1), statistic: 'Sum' };

const canaries = {
  5: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  10: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
  15: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  30: LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES,
} as const;

/**
 * Lets the new versions of all functions of a stack take over as canaries, where the stage wants that. Each goes back when its own
 * invocations fail (it throws, or runs out of time or memory), when too many answers of the API are 5xx (what a function catches is no
 * failed invocation), or when one of `alarms` goes off; CloudFormation then takes back the rest of the deployment.
 */
export function rollOut(
  stack: Stack,
  api: HttpApi,
  { rollout }: StageSettings,
  alarms: readonly IAlarm[] = [],
): void {
  if (!rollout) return;
  const functions = stack.node.children.filter((child) => child instanceof IntakeFunction);
  const application = new LambdaApplication(stack, 'Functions');
  const role = deploymentRole(stack, functions);
  const shared = [serverErrors(stack, api), ...alarms];
  for (const target of functions) {
    const group = new LambdaDeploymentGroup(target, 'Deployment', {
      application,
      alias: target.live,
      deploymentConfig: canaries[rollout.canaryMinutes],
      role: role.withoutPolicyUpdates(),
      alarms: [failedInvocations(target), ...shared],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    // An alias moves as soon as its group is there: what the role may do has to be there before.
    group.node.addDependency(role);
  }
}

function serverErrors(stack: Stack, api: HttpApi): IAlarm {
  return new Alarm(stack, 'ServerErrors', {
    ...rateAlarm(api.metricServerError(minute), api.metricCount(minute)),
    alarmDescription: `More than ${tolerated} % of all answers are 5xx: callers and senders have to try again.`,
  });
}

function failedInvocations(target: IntakeFunction): IAlarm {
  return new Alarm(target, 'FailedInvocations', {
    ...rateAlarm(target.live.metricErrors(minute), target.live.metricInvocations(minute)),
    alarmDescription: `More than ${tolerated} % of the invocations of ${target.node.id} fail without an answer.`,
  });
}

function rateAlarm(failed: IMetric, all: IMetric) {
  return {
    metric: new MathExpression({
      expression: '100 * failed / all',
      usingMetrics: { failed, all },
      period: minute.period,
    }),
    threshold: tolerated,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

/**
 * What CodeDeploy may do: move these aliases, and look at alarms. AWS's own policy for it would let it move the aliases of every
 * function. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html
 */
function deploymentRole(stack: Stack, functions: readonly IntakeFunction[]): Role {
  const role = new Role(stack, 'DeploymentRole', {
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      // By name: an alias that is about to move must not have to be there first.
      resources: functions.flatMap(({ lambda, live: { aliasName } }) => [
        lambda.functionArn,
        `${lambda.functionArn}:${aliasName}`,
      ]),
    }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'It reads the state of alarms, among them those of other stacks that may stop a deployment.',
  });
  return role;
}
