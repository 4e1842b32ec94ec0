import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { metricNamespace } from '../../functions/lambda/metric-names.ts';
import { lasting } from './intake-alarm.ts';
import type { Watched } from './watched.ts';

/** A filter's metric has no dimension that is not in the log: the stage is in the namespace. */
function nameOf(stage: string) {
  return { namespace: `${metricNamespace}/${stage}/Edge`, metricName: 'Throttled' };
}

/** Requests that the API's edge answered 429. An HTTP API counts them among all 4xx, so they are counted in its access log. */
export function edgeThrottles(stage: string): Metric {
  return new Metric({ ...nameOf(stage), period: lasting.period, statistic: 'Sum' });
}

/**
 * Makes the metric of `edgeThrottles`. A 429 of a function, which one caller's limit or the vendor's makes, has an integration's status:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function countEdgeThrottles(scope: Construct, { accessLog }: Watched, stage: string): void {
  const { namespace, metricName } = nameOf(stage);
  new MetricFilter(scope, 'EdgeThrottles', {
    logGroup: accessLog,
    filterPattern: FilterPattern.literal('{ ($.status = "429") && ($.integrationStatus = "-") }'),
    metricNamespace: namespace,
    metricName,
    metricValue: '1',
  });
}
