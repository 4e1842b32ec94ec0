import { Duration } from 'aws-cdk-lib';
import type { StageSettings } from '../stages.ts';
import { ownMetric } from './own-metric.ts';
import { graphs, type Row } from './row.ts';
import { throttleMetrics } from './table-alarms.ts';
import type { Watched } from './watched.ts';

const period = Duration.minutes(1);

/** Where events end, in tables or in the dead letters; and all functions side by side. */
export function storageRows(watched: Watched, { stage }: StageSettings): Row[] {
  return [tables(watched), deadLetters(watched), functions(watched, stage)];
}

function tables({ tables }: Watched): Row {
  return {
    title: 'Tables',
    runbooks: ['table-throttles', 'table-errors'],
    widgets: graphs(
      {
        title: 'Read units',
        left: tables.map(({ name, table }) =>
          table.metricConsumedReadCapacityUnits({ period, statistic: 'Sum', label: name }),
        ),
      },
      {
        title: 'Write units',
        left: tables.map(({ name, table }) =>
          table.metricConsumedWriteCapacityUnits({ period, statistic: 'Sum', label: name }),
        ),
      },
      { title: 'Throttled', left: tables.flatMap(throttleMetrics) },
    ),
  };
}

function deadLetters({ deadLetters }: Watched): Row {
  const most = { period, statistic: 'Maximum' };
  return {
    title: 'Dead letters',
    runbooks: ['dead-letters', 'dead-letters-expire'],
    widgets: graphs(
      {
        title: 'Dead letters',
        left: [deadLetters.metricApproximateNumberOfMessagesVisible({ ...most, label: 'visible' })],
      },
      {
        title: 'Since the oldest got there, s',
        left: [deadLetters.metricApproximateAgeOfOldestMessage({ ...most, label: 'oldest' })],
      },
    ),
  };
}

function functions({ functions }: Watched, stage: string): Row {
  return {
    title: 'All functions',
    runbooks: ['function-errors', 'function-throttles'],
    widgets: graphs(
      {
        title: 'Errors',
        left: functions.map(({ name, lambda }) => lambda.metricErrors({ period, label: name })),
      },
      {
        title: 'Throttles',
        left: functions.map(({ name, lambda }) => lambda.metricThrottles({ period, label: name })),
      },
      {
        title: 'Latency as the function sees it, p99, ms',
        left: functions.map(({ name }) =>
          ownMetric(stage, 'Latency', { of: name, statistic: 'p99', label: name, period }),
        ),
      },
    ),
  };
}
