import { beforeAll, describe, expect, it } from '@jest/globals';
import { sources } from '../../functions/hooks/sources.ts';
import { metricNamespace, metricUnits } from '../../functions/lambda/metric-names.ts';
import type { StageSettings } from '../../infra/stages.ts';
import { alarmsOf, metricsOf, type WatchedMetric } from './alarms-of.ts';
import { anchorsOf } from './anchors-of.ts';
import { metricsOfWidget, widgetsOf, type Widget } from './dashboard-of.ts';
import { kebabCase } from './kebab-case.ts';
import { synthesized, type SynthesizedStage } from './synthesized.ts';

const kustomer = { kind: 'kustomer', baseUrl: 'https://acme.api.kustomerapp.com' } as const;
const bySource = ['Accepted', 'Created', 'Repeated', 'Ignored', 'Refused', 'Failed'];

describe.each<[string, string, Partial<StageSettings>]>([
  ['dev', 'dev', {}],
  ['prod where it relays', 'prod', { destination: kustomer }],
])('the dashboard of the stage %s', (_, name, more) => {
  const relays = 'destination' in more;
  let stage: SynthesizedStage;
  let widgets: Widget[];
  let metrics: WatchedMetric[];
  beforeAll(() => {
    stage = synthesized(name, more);
    widgets = widgetsOf(stage);
    metrics = widgets.flatMap(metricsOfWidget);
  }, 60_000);
  const valuesOf = (dimension: string) =>
    new Set(metrics.flatMap(({ dimensions }) => dimensions[dimension] ?? []));

  it('has the stage’s name', () => {
    stage.monitoring.hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: `conversation-intake-${name}`,
    });
  });

  it('has the states of all alarms on top', () => {
    const [alarms, ...others] = widgets.filter(({ type }) => type === 'alarm');
    expect(others).toEqual([]);
    expect(alarms?.properties.alarms).toHaveLength(Object.keys(alarmsOf(stage, name)).length);
    const graphs = widgets.filter(({ type }) => type === 'metric');
    for (const { y } of graphs) expect(y).toBeGreaterThan(alarms!.y);
  });

  it('goes the way of an event, from top to bottom', () => {
    const titles = widgets.flatMap(
      ({ properties: { markdown } }) => /^## (.+)$/m.exec(markdown ?? '')?.[1] ?? [],
    );
    expect(titles).toEqual([
      'Edge',
      'Webhooks',
      'Creates',
      'Drafts queue',
      'Writer',
      'Bulk jobs',
      ...(relays ? ['Kustomer'] : []),
      'Tables',
      'Dead letters',
      'All functions',
    ]);
    const tops = widgets.filter(({ properties }) => properties.markdown).map(({ y }) => y);
    expect(tops).toEqual(tops.toSorted((one, other) => one - other));
  });

  it('has no widget over another, nor beyond its edge', () => {
    for (const [index, one] of widgets.entries()) {
      expect(one.x + one.width).toBeLessThanOrEqual(24);
      for (const other of widgets.slice(index + 1)) {
        const isBeside = one.x + one.width <= other.x || other.x + other.width <= one.x;
        const isAbove = one.y + one.height <= other.y || other.y + other.height <= one.y;
        expect(isBeside || isAbove).toBe(true);
      }
    }
  });

  it('links to every section that an alarm links to, and to none that is not there', () => {
    const text = widgets.map(({ properties }) => properties.markdown ?? '').join('\n');
    const linked = new Set([...text.matchAll(/docs\/operations\.md#([\w-]+)/g)].map(([, anchor]) => anchor));
    const sections = anchorsOf('docs/operations.md', 'alarms');
    expect([...linked].toSorted()).toEqual(
      sections.filter((section) => relays || section !== 'vendor-key-refused').toSorted(),
    );
  });

  it('shows every function', () => {
    const functions = Object.keys(stage.resources(stage.api, 'AWS::Lambda::Function'));
    expect(functions.filter((id) => !valuesOf('FunctionName').has(id))).toEqual([]);
    const names = functions.map((id) => kebabCase(id.replace(/Function$/, '')));
    expect([...valuesOf('Function')].toSorted()).toEqual(names.toSorted());
  });

  it('shows every queue', () => {
    const queues = Object.keys(stage.resources(stage.stateful, 'AWS::SQS::Queue'));
    expect([...valuesOf('QueueName')].toSorted()).toEqual(queues.toSorted());
  });

  it('shows every table, with its indexes’ throttles', () => {
    const tables = stage.resources(stage.stateful, 'AWS::DynamoDB::GlobalTable');
    expect([...valuesOf('TableName')].toSorted()).toEqual(Object.keys(tables).toSorted());
    const indexes = Object.values(tables).flatMap(
      ({ Properties }) => (Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string }[],
    );
    expect([...valuesOf('GlobalSecondaryIndexName')]).toEqual(indexes.map(({ IndexName }) => IndexName));
  });

  it('shows every source', () => {
    expect([...valuesOf('Source')].toSorted()).toEqual(Object.keys(sources).toSorted());
  });

  it('shows every metric of our own that the stage has', () => {
    const own = metrics.filter(({ namespace }) => namespace === metricNamespace).map((each) => each.name);
    const ofRelays = ['VendorBudgetLeft', 'VendorKeyRefused'];
    expect([...new Set(own)].toSorted()).toEqual(
      Object.keys(metricUnits)
        .filter((each) => relays || !ofRelays.includes(each))
        .toSorted(),
    );
  });

  it('asks, as the alarms do, for metrics of our own that there are, of this stage, by dimensions that they have', () => {
    const ofAlarms = Object.values(alarmsOf(stage, name)).flatMap(metricsOf);
    const own = [...metrics, ...ofAlarms].filter(({ namespace }) => namespace === metricNamespace);
    expect(own.length).toBeGreaterThan(20);
    for (const { name: metric, dimensions } of own) {
      expect(Object.keys(metricUnits)).toContain(metric);
      const { Stage, ...rest } = dimensions;
      expect(Stage).toBe(name);
      const further = bySource.includes(metric) ? ['Source'] : metric === 'Latency' ? ['Function'] : [];
      expect(further).toEqual(expect.arrayContaining(Object.keys(rest)));
    }
  });
});
