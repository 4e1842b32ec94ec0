import { readable, type SynthesizedStage } from './synthesized.ts';
import type { WatchedMetric } from './alarms-of.ts';

/** A widget of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface Widget {
  type: 'alarm' | 'metric' | 'text';
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    title?: string;
    markdown?: string;
    alarms?: string[];
    /** Namespace, name, names and values of dimensions in turn, options; or an expression. */
    metrics?: (string | object)[][];
  };
}

/** The widgets of a stage's dashboard, from top to bottom; references as a person would name what they refer to. */
export function widgetsOf(stage: SynthesizedStage): Widget[] {
  const [dashboard, ...others] = Object.values(
    stage.resources(stage.monitoring, 'AWS::CloudWatch::Dashboard'),
  );
  if (!dashboard || others.length > 0) throw new Error('There is not one dashboard');
  const { widgets } = JSON.parse(readable(dashboard.Properties['DashboardBody'])) as { widgets: Widget[] };
  return widgets;
}

/** All metrics of a widget, also those that only expressions use. */
export function metricsOfWidget({ properties: { metrics = [] } }: Widget): WatchedMetric[] {
  return metrics.flatMap(([namespace, name, ...rest]) => {
    if (typeof namespace !== 'string' || typeof name !== 'string') return [];
    const parts = rest.filter((part) => typeof part === 'string');
    const dimensions: Record<string, string> = {};
    for (let index = 0; index < parts.length; index += 2) dimensions[parts[index]!] = parts[index + 1]!;
    return [{ namespace, name, dimensions }];
  });
}
