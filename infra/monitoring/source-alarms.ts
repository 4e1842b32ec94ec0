import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../functions/lambda/metric-names.ts';
import type { IntakeAlarmSpec } from './intake-alarm.ts';
import { ownMetric } from './own-metric.ts';
import type { Watched } from './watched.ts';

const period = Duration.minutes(15);
/** Percent of a source's deliveries. */
const share = 90;
/** So few wake nobody. */
const leastDeliveries = 5;

/**
 * An alarm for each webhook source: that nearly all it is sent is refused. That is a secret that was changed at one end, or a sender that
 * changed what it sends. What strangers post is refused as well, but only beside a source that nobody uses is it nearly all.
 */
export function sourceAlarms({ sources }: Watched, stage: string): IntakeAlarmSpec[] {
  return sources.map((source) => {
    const count = (name: MetricName) => ownMetric(stage, name, { source, statistic: 'Sum', period });
    return {
      runbook: 'source-refused',
      of: source,
      notices: `What ${source} is sent makes no conversations any more: more than ${share} % of it is refused.`,
      metric: new MathExpression({
        // SUM of a list and not `+`: what did not happen is missing, and would make the sum missing.
        expression: `IF(refused >= ${leastDeliveries}, 100 * refused / SUM([refused, accepted, ignored]), 0)`,
        usingMetrics: {
          refused: count('Refused'),
          accepted: count('Accepted'),
          ignored: count('Ignored'),
        },
        period,
        label: `refused of ${source}, %`,
      }),
      threshold: share,
      when: [2, 2],
    };
  });
}
