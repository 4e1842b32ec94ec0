import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../functions/lambda/metric-names.ts';
import type { StageSettings } from '../stages.ts';
import { edgeThrottles } from './edge-throttles.ts';
import { ownMetric } from './own-metric.ts';
import { graphs, type Row } from './row.ts';
import { functionNamed, type Watched } from './watched.ts';

const period = Duration.minutes(1);

/** How events come in: the API, webhooks, creates. */
export function arrivalRows(watched: Watched, { stage }: StageSettings): Row[] {
  return [edge(watched, stage), hooks(watched, stage), creates(watched, stage)];
}

function edge({ api }: Watched, stage: string): Row {
  const usingMetrics = {
    requests: api.metricCount({ period, statistic: 'Sum', label: 'all' }),
    refused: api.metricClientError({ period, statistic: 'Sum', label: '4xx' }),
    failed: api.metricServerError({ period, statistic: 'Sum', label: '5xx' }),
  };
  const good = new MathExpression({
    expression: 'requests - SUM([refused, failed])',
    usingMetrics,
    label: '2xx',
    period,
  });
  return {
    title: 'Edge',
    runbooks: ['api-errors', 'edge-throttles'],
    widgets: graphs(
      {
        title: 'Requests by status',
        left: [
          good,
          usingMetrics.refused,
          usingMetrics.failed,
          edgeThrottles(stage).with({ period, label: '429 of the edge, among 4xx' }),
        ],
      },
      {
        title: 'Latency, ms',
        left: ['p50', 'p99'].map((statistic) => api.metricLatency({ period, statistic, label: statistic })),
      },
    ),
  };
}

function hooks(watched: Watched, stage: string): Row {
  const { lambda } = functionNamed(watched, 'receive-hook');
  const bySource = (name: MetricName) =>
    watched.sources.map((source) =>
      ownMetric(stage, name, { source, statistic: 'Sum', label: source, period }),
    );
  return {
    title: 'Webhooks',
    runbooks: ['source-refused', 'slow-hooks', 'function-errors', 'function-throttles'],
    widgets: [
      ...graphs(
        { title: 'Accepted, by source', left: bySource('Accepted') },
        { title: 'Ignored, by source', left: bySource('Ignored') },
        { title: 'Refused, by source', left: bySource('Refused') },
        { title: 'Failed, by source', left: bySource('Failed') },
      ),
      ...graphs({
        title: 'receive-hook, ms',
        left: ['p50', 'p99'].map((statistic) =>
          lambda.metricDuration({ period, statistic, label: statistic }),
        ),
      }),
    ],
  };
}

function creates(watched: Watched, stage: string): Row {
  const { lambda } = functionNamed(watched, 'create-conversation');
  const counted = (name: MetricName) => ownMetric(stage, name, { statistic: 'Sum', label: name, period });
  return {
    title: 'Creates',
    runbooks: ['slow-creates', 'function-errors'],
    widgets: graphs(
      {
        title: 'Conversations of all ways',
        left: [counted('Created'), counted('Repeated'), counted('Refused'), counted('Failed')],
      },
      {
        title: 'create-conversation, ms',
        left: ['p50', 'p99'].map((statistic) =>
          lambda.metricDuration({ period, statistic, label: statistic }),
        ),
      },
    ),
  };
}
