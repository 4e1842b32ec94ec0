import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Metrics as MetricsClass } from '../../functions/lambda/metrics.ts';

type Line = Record<string, unknown> & {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
};

describe('the metrics of an invocation', () => {
  let lines: Line[];
  let metrics: MetricsClass;
  beforeEach(async () => {
    process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
    const { Metrics } = await import('../../functions/lambda/metrics.ts');
    lines = [];
    metrics = new Metrics('prod', 'receive-hook', (line) => lines.push(JSON.parse(line) as Line));
  });
  /** Which metrics a line has with which dimensions. */
  const shape = ({ _aws }: Line) =>
    _aws.CloudWatchMetrics.map(({ Dimensions, Metrics }) => [Dimensions, Metrics.map(({ Name }) => Name)]);

  it('are one line in the embedded metric format', () => {
    metrics.from('github-issues');
    metrics.count('created');
    metrics.add('Latency', 12);
    metrics.flush('request-1', 1_700_000_000_000);
    const count = (Name: string) => ({ Name, Unit: 'Count' });
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'ConversationIntake',
              Dimensions: [['Stage'], ['Stage', 'Function']],
              Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }],
            },
            {
              Namespace: 'ConversationIntake',
              Dimensions: [['Stage'], ['Stage', 'Source']],
              Metrics: [count('Accepted'), count('Created')],
            },
          ],
        },
        Stage: 'prod',
        Function: 'receive-hook',
        requestId: 'request-1',
        Source: 'github-issues',
        Latency: 12,
        Accepted: 1,
        Created: 1,
      },
    ]);
  });

  it('are no line when there is nothing to tell', () => {
    metrics.add('VendorBudgetLeft', undefined);
    metrics.count('queued', 0);
    metrics.flush('request-1');
    expect(lines).toEqual([]);
  });

  it('begin anew after each line', () => {
    metrics.from('github-issues');
    metrics.count('failed');
    metrics.flush('request-1');
    expect(metrics.isCounted).toBe(false);
    metrics.count('failed');
    metrics.flush('request-1');
    expect(lines[1]).toMatchObject({ Failed: 1 });
    expect(lines[1]).not.toHaveProperty('Source');
  });

  it('add up what is counted, and keep the longest of ages and durations', () => {
    metrics.add('Created', 2);
    metrics.add('Created', 1);
    metrics.add('OldestMessageAge', 3);
    metrics.add('OldestMessageAge', 9);
    metrics.add('OldestMessageAge', 5);
    metrics.flush('request-1');
    expect(lines).toMatchObject([{ Created: 3, OldestMessageAge: 9 }]);
  });

  it.each([
    ['created', { Accepted: 1, Created: 1 }],
    ['queued', { Accepted: 1 }],
    ['repeated', { Accepted: 1, Repeated: 1 }],
    ['ignored', { Ignored: 1 }],
    ['rejected', { Refused: 1 }],
    ['failed', { Failed: 1 }],
  ] as const)('count what is %s as what it is', (outcome, expected) => {
    metrics.count(outcome);
    metrics.flush('request-1');
    const dimensions = { Stage: 'prod', Function: 'receive-hook', requestId: 'request-1' };
    expect(lines).toEqual([{ _aws: expect.anything(), ...dimensions, ...expected }]);
  });

  it('of several sources are a line for each, and what is of none goes with one that it does not clash with', () => {
    metrics.add('BatchSize', 3);
    metrics.add('Created', 1);
    metrics.add('Created', 1, 'github-issues');
    metrics.add('Repeated', 1, 'stripe-disputes');
    metrics.flush('request-1');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ Source: 'github-issues', Created: 1 });
    expect(lines[0]).not.toHaveProperty('BatchSize');
    expect(lines[1]).toMatchObject({ Source: 'stripe-disputes', Repeated: 1, Created: 1, BatchSize: 3 });
    expect(shape(lines[1]!)).toEqual([
      [[['Stage']], ['BatchSize', 'Created']],
      [[['Stage'], ['Stage', 'Source']], ['Repeated']],
    ]);
  });

  it('have no source where it is not what they are of', () => {
    metrics.from('github-issues');
    metrics.add('VendorBudgetLeft', 40);
    metrics.flush('request-1');
    expect(lines[0]).not.toHaveProperty('Source');
    expect(shape(lines[0]!)).toEqual([[[['Stage']], ['VendorBudgetLeft']]]);
  });
});
