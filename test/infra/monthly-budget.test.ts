import { describe, expect, it } from '@jest/globals';
import { synthesized } from './synthesized.ts';

interface BudgetProperties {
  Budget: object;
  NotificationsWithSubscribers: { Notification: object; Subscribers: object[] }[];
}

describe('a monthly budget', () => {
  it.each([
    [{ email: 'on-call@example.com' }, { SubscriptionType: 'EMAIL', Address: 'on-call@example.com' }],
    [
      { topicArn: 'arn:aws:sns:eu-central-1:123456789012:on-call' },
      { SubscriptionType: 'SNS', Address: 'arn:aws:sns:eu-central-1:123456789012:on-call' },
    ],
  ])(
    'is told to %j before it is used up, when it is, and when it will be',
    (alarmTarget, subscriber) => {
      const { api, resources } = synthesized('prod', { monthlyBudget: 50, alarmTarget });
      const { MonthlyBudget } = resources(api, 'AWS::Budgets::Budget');
      const { Budget, NotificationsWithSubscribers } = MonthlyBudget!
        .Properties as unknown as BudgetProperties;
      expect(Budget).toMatchObject({
        BudgetType: 'COST',
        BudgetLimit: { Amount: 50, Unit: 'USD' },
        TimeUnit: 'MONTHLY',
        CostFilters: { TagKeyValue: ['user:deployment$conversation-intake-prod'] },
      });
      expect(NotificationsWithSubscribers.map(({ Notification }) => Notification)).toEqual([
        { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 80 },
        { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 100 },
        { NotificationType: 'FORECASTED', ComparisonOperator: 'GREATER_THAN', Threshold: 100 },
      ]);
      for (const { Subscribers } of NotificationsWithSubscribers) expect(Subscribers).toEqual([subscriber]);
    },
    60_000,
  );

  it('is not there unless it is set', () => {
    synthesized('prod', { alarmTarget: { email: 'on-call@example.com' } }).api.resourceCountIs(
      'AWS::Budgets::Budget',
      0,
    );
  }, 60_000);
});
