import { readable, type SynthesizedStage } from './synthesized.ts';

/** An alarm as it stands in a stage's template. */
export interface AlarmProperties {
  AlarmName: string;
  AlarmDescription: string;
  Threshold: number;
  ComparisonOperator: string;
  DatapointsToAlarm: number;
  EvaluationPeriods: number;
  TreatMissingData: string;
  Period?: number;
  Namespace?: string;
  MetricName?: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Dimensions?: Dimension[];
  Metrics?: {
    Expression?: string;
    MetricStat?: { Metric: MetricOfTemplate; Period: number; Stat: string };
  }[];
  AlarmActions?: unknown[];
  OKActions?: unknown[];
}

interface Dimension {
  Name: string;
  Value: unknown;
}

interface MetricOfTemplate {
  Namespace: string;
  MetricName: string;
  Dimensions?: Dimension[];
}

/** One metric of an alarm or of the dashboard. */
export interface WatchedMetric {
  namespace: string;
  name: string;
  /** By name; references as a person would name what they refer to. */
  dimensions: Record<string, string>;
}

/** A stage's alarms by the part of their name that is their own: without `conversation-intake-<stage>-`. */
export function alarmsOf(stage: SynthesizedStage, name: string): Record<string, AlarmProperties> {
  const alarms = Object.values(stage.resources(stage.monitoring, 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    alarms.map(({ Properties }) => {
      const properties = Properties as unknown as AlarmProperties;
      const prefix = `conversation-intake-${name}-`;
      if (!properties.AlarmName.startsWith(prefix)) throw new Error(`Not ${prefix}: ${properties.AlarmName}`);
      return [properties.AlarmName.slice(prefix.length), properties];
    }),
  );
}

/** All metrics that an alarm is made of. */
export function metricsOf(alarm: AlarmProperties): WatchedMetric[] {
  const { Namespace, MetricName, Dimensions, Metrics = [] } = alarm;
  const all = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  if (MetricName !== undefined) all.push({ Namespace: Namespace!, MetricName, Dimensions: Dimensions ?? [] });
  return all.map((metric) => ({
    namespace: metric.Namespace,
    name: metric.MetricName,
    dimensions: Object.fromEntries(
      (metric.Dimensions ?? []).map(({ Name, Value }) => [Name, readable(Value)]),
    ),
  }));
}

/** The periods, in seconds, of an alarm's metrics: each once. */
export function periodsOf({ Period, Metrics = [] }: AlarmProperties): number[] {
  const periods = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Period] : []));
  return [...new Set(Period === undefined ? periods : [Period, ...periods])];
}
