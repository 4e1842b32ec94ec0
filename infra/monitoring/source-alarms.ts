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
 * An alarm for each webhook source: that nearly all it is sent is refused or fails. That is a secret that was changed at one end, or a
 * sender that changed what it sends. What strangers post is refused as well, but only beside a source that nobody uses is it nearly all.
 */
export function sourceAlarms({ sources }: Watched, stage: string): IntakeAlarmSpec[] {
  return sources.map((source) => {
    const count = (name: MetricName) => ownMetric(stage, name, { source, statistic: 'Sum', period });
    return {
      runbook: 'source-refused',
      of: source,
      notices: `Events of ${source} make no conversations any more: more than ${share} % are refused or fail.`,
      metric: new MathExpression({
        // SUM of lists and not `+`: what did not happen is missing, and would make the sum missing.
        expression: `IF(SUM([refused, failed]) >= ${leastDeliveries}, 100 * SUM([refused, failed]) / SUM([refused, failed, accepted, ignored]), 0)`,
        usingMetrics: {
          refused: count('Refused'),
          failed: count('Failed'),
          accepted: count('Accepted'),
          ignored: count('Ignored'),
        },
        period,
        label: `refused or failed of ${source}, %`,
      }),
      threshold: share,
      when: [2, 2],
    };
  });
}
