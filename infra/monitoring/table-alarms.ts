import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { lasting, type IntakeAlarmSpec } from './intake-alarm.ts';
import type { Watched, WatchedTable } from './watched.ts';

/** What functions do with tables. */
const operations = [
  Operation.GET_ITEM,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.QUERY,
  Operation.BATCH_GET_ITEM,
  Operation.BATCH_WRITE_ITEM,
];
const { period } = lasting;

/** Alarms of every table. */
export function tableAlarms({ tables }: Watched): IntakeAlarmSpec[] {
  return tables.flatMap((each) => [
    {
      runbook: 'table-throttles',
      of: each.name,
      notices: `Callers are answered 503 or wait, and conversations come late: the table ${each.name} is asked for more than it gives.`,
      metric: sum(throttleMetrics(each), `throttled, ${each.name}`),
      threshold: 0,
      when: lasting.when,
    },
    {
      runbook: 'table-errors',
      of: each.name,
      notices: `Callers are answered 5xx, and conversations come late: DynamoDB fails at the table ${each.name}.`,
      metric: sum(
        operations.map((Operation) => systemErrors(each, Operation)),
        `errors of DynamoDB, ${each.name}`,
      ),
      threshold: 0,
      when: lasting.when,
    },
  ]);
}

/** Throttled reads and writes of a table and, which its own do not count, of its indexes. */
export function throttleMetrics({ table, indexes }: WatchedTable): IMetric[] {
  const ofIndexes = indexes.map((GlobalSecondaryIndexName) => ({ GlobalSecondaryIndexName }));
  return [{}, ...ofIndexes].flatMap((dimensions) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
      table.metric(name, {
        period,
        statistic: 'Sum',
        dimensionsMap: { TableName: table.tableName, ...dimensions },
      }),
    ),
  );
}

function systemErrors({ table }: WatchedTable, operation: Operation): IMetric {
  return table.metric('SystemErrors', {
    period,
    statistic: 'Sum',
    dimensionsMap: { TableName: table.tableName, Operation: operation },
  });
}

/** SUM of a list and not `+`: each of these metrics is there only when it happens, and what is missing would make the sum missing. */
function sum(metrics: IMetric[], label: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    period,
    label,
  });
}
