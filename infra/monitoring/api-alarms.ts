import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { edgeThrottles } from './edge-throttles.ts';
import { lasting, type IntakeAlarmSpec } from './intake-alarm.ts';
import type { Watched } from './watched.ts';

const period = Duration.minutes(5);
/** Percent of requests. */
const errorRate = 1;
/** So few answers in five minutes wake nobody, whatever their share. */
const leastErrors = 5;

/** Alarms of what the API answers. */
export function apiAlarms({ api }: Watched, stage: string): IntakeAlarmSpec[] {
  return [
    {
      runbook: 'api-errors',
      notices: `More than ${errorRate} % of requests are answered 5xx: clients see errors, and senders of webhooks send again or give up.`,
      metric: new MathExpression({
        expression: `IF(errors >= ${leastErrors}, 100 * errors / requests, 0)`,
        usingMetrics: {
          errors: api.metricServerError({ period, statistic: 'Sum' }),
          requests: api.metricCount({ period, statistic: 'Sum' }),
        },
        period,
        label: '5xx, %',
      }),
      threshold: errorRate,
      when: [2, 3],
    },
    {
      runbook: 'edge-throttles',
      notices:
        'Requests are answered 429 before any function sees them: clients must wait, and some senders do not send again.',
      metric: edgeThrottles(stage),
      threshold: 0,
      when: lasting.when,
    },
  ];
}
