import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  functionDimension,
  metricNamespace,
  sourceDimension,
  stageDimension,
  type MetricName,
} from '../../functions/lambda/metric-names.ts';

/** One of this project's own metrics: of a whole stage, of one source's hooks, or of one function, by its handler's name. */
export function ownMetric(
  stage: string,
  metricName: MetricName,
  { source, of, ...options }: MetricOptions & { source?: string; of?: string },
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: {
      [stageDimension]: stage,
      ...(source !== undefined && { [sourceDimension]: source }),
      ...(of !== undefined && { [functionDimension]: of }),
    },
    period: Duration.minutes(5),
    ...options,
  });
}
