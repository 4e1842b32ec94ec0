import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';

/** The tag whose costs are counted: all that both stacks of a stage have carries it. */
export const costTag = 'deployment';

/** The value of `costTag` at a stage. */
export function costTagOf({ stage }: Pick<StageSettings, 'stage'>): string {
  return `conversation-intake-${stage}`;
}

/**
 * Tells the alarm target when the stage costs 80 and 100 percent of its monthly budget, and when it is going to cost more than that; does
 * nothing at a stage without a budget. AWS counts a tag's costs from when the tag is activated for cost allocation.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export function monthlyBudget(scope: Construct, settings: StageSettings): void {
  const { alarmTarget, monthlyBudget: dollars } = settings;
  if (dollars === undefined || alarmTarget === undefined) return;
  const subscriber =
    'email' in alarmTarget
      ? { subscriptionType: 'EMAIL', address: alarmTarget.email }
      : { subscriptionType: 'SNS', address: alarmTarget.topicArn };
  const told = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold },
    subscribers: [subscriber],
  });
  new CfnBudget(scope, 'MonthlyBudget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${costTag}$${costTagOf(settings)}`] },
    },
    notificationsWithSubscribers: [told('ACTUAL', 80), told('ACTUAL', 100), told('FORECASTED', 100)],
  });
}
