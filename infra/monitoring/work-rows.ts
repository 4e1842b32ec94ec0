import { Duration } from 'aws-cdk-lib';
import type { MetricName } from '../../functions/lambda/metric-names.ts';
import type { StageSettings } from '../stages.ts';
import { ownMetric } from './own-metric.ts';
import { graphs, type Row } from './row.ts';
import { functionNamed, type Watched } from './watched.ts';

const period = Duration.minutes(1);

/** How the work is done that nobody waits for: the queue, its consumer, bulk jobs, the vendor. */
export function workRows(watched: Watched, { stage, destination }: StageSettings): Row[] {
  const own = (name: MetricName, statistic: string, label = name as string) =>
    ownMetric(stage, name, { statistic, label, period });
  const rows = [queue(watched, own), writer(watched, own), bulk(watched, own)];
  return destination.kind === 'kustomer' ? [...rows, relay(own)] : rows;
}

type Own = (name: MetricName, statistic: string, label?: string) => ReturnType<typeof ownMetric>;

function queue({ drafts }: Watched, own: Own): Row {
  const most = { period, statistic: 'Maximum' };
  return {
    title: 'Drafts queue',
    runbooks: ['oldest-message'],
    widgets: graphs(
      {
        title: 'Messages',
        left: [
          drafts.metricApproximateNumberOfMessagesVisible({ ...most, label: 'visible' }),
          drafts.metricApproximateNumberOfMessagesNotVisible({ ...most, label: 'in flight' }),
          drafts.metricApproximateNumberOfMessagesDelayed({ ...most, label: 'delayed' }),
        ],
      },
      {
        title: 'Age of the oldest, s',
        left: [
          drafts.metricApproximateAgeOfOldestMessage({ ...most, label: 'in the queue' }),
          own('OldestMessageAge', 'Maximum', 'when worked on'),
        ],
      },
      {
        title: 'Messages in a batch',
        left: [own('BatchSize', 'Average', 'average'), own('BatchSize', 'Maximum', 'most')],
      },
    ),
  };
}

function writer(watched: Watched, own: Own): Row {
  const { lambda } = functionNamed(watched, 'write-drafts');
  return {
    title: 'Writer',
    runbooks: ['function-errors', 'function-throttles'],
    widgets: graphs(
      {
        title: 'Conversations of all ways',
        left: [own('Created', 'Sum'), own('Repeated', 'Sum'), own('Failed', 'Sum')],
      },
      {
        title: 'write-drafts, ms',
        left: ['p50', 'p99'].map((statistic) =>
          lambda.metricDuration({ period, statistic, label: statistic }),
        ),
      },
      {
        title: 'write-drafts: throttles, errors, at once',
        left: [
          lambda.metricThrottles({ period, label: 'throttles' }),
          lambda.metricErrors({ period, label: 'errors' }),
          lambda.metric('ConcurrentExecutions', { period, statistic: 'Maximum', label: 'at once' }),
        ],
      },
    ),
  };
}

function bulk(watched: Watched, own: Own): Row {
  const { lambda } = functionNamed(watched, 'submit-bulk');
  return {
    title: 'Bulk jobs',
    runbooks: ['late-bulk-job'],
    widgets: graphs(
      {
        title: 'submit-bulk',
        left: [
          lambda.metricInvocations({ period, label: 'jobs asked for' }),
          lambda.metricErrors({ period, label: 'errors' }),
        ],
      },
      {
        title: 'Age of a job when a batch is worked on, s',
        left: [own('BulkBatchAge', 'Maximum', 'oldest')],
      },
    ),
  };
}

function relay(own: Own): Row {
  return {
    title: 'Kustomer',
    runbooks: ['vendor-key-refused'],
    widgets: graphs(
      {
        title: 'Requests left of the budget',
        left: [own('VendorBudgetLeft', 'Minimum', 'least'), own('VendorBudgetLeft', 'Average', 'average')],
      },
      { title: 'Key refused', left: [own('VendorKeyRefused', 'Sum', 'refusals')] },
    ),
  };
}
