import { GraphWidget, type GraphWidgetProps, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Runbook } from './runbook.ts';

/** A step of an event's way, as a row of the dashboard. */
export interface Row {
  title: string;
  /** What to read when something looks wrong in it. */
  runbooks: readonly Runbook[];
  widgets: IWidget[];
}

/** Columns of a dashboard. */
export const width = 24;

/** Graphs side by side. */
export function graphs(...each: { title: string; left: IMetric[]; more?: GraphWidgetProps }[]): IWidget[] {
  return each.map(
    ({ title, left, more }) =>
      new GraphWidget({
        title,
        left,
        width: Math.floor(width / each.length),
        height: 6,
        leftYAxis: { min: 0, showUnits: false },
        ...more,
      }),
  );
}
