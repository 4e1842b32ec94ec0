import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { runbookLink, type Runbook } from './runbook.ts';

/** One alarm. */
export interface IntakeAlarmSpec {
  runbook: Runbook;
  /** Which one of several that share a page: a function, a table. Kebab-case. */
  of?: string;
  /** One sentence: what a user notices. */
  notices: string;
  /** Its period is the alarm's. */
  metric: IMetric;
  /** The alarm goes off above it. */
  threshold: number;
  /** So many of the last so many periods must be above the threshold. */
  when: readonly [datapoints: number, of: number];
  /** What a period without data says: nothing happened, unless told. */
  missing?: TreatMissingData;
}

/** For whom the alarms of a stage are. */
export interface AlarmsFor {
  stage: string;
  /** Who is told when an alarm goes off, and when it is over: nobody when undefined. */
  topic: ITopic | undefined;
}

/** What lasts: 3 of the last 5 minutes. What the SDK's own repetitions overcome within a minute or two wakes nobody. */
export const lasting = { period: Duration.minutes(1), when: [3, 5] as const };

/** Makes an alarm, named `conversation-intake-<stage>-<runbook>[-<of>]`. */
export function addAlarm(scope: Construct, spec: IntakeAlarmSpec, { stage, topic }: AlarmsFor): Alarm {
  const { runbook, of, notices, metric, threshold, when, missing } = spec;
  const name = of === undefined ? runbook : `${runbook}-${of}`;
  const [datapointsToAlarm, evaluationPeriods] = when;
  const alarm = new Alarm(scope, name, {
    alarmName: `conversation-intake-${stage}-${name}`,
    alarmDescription: `${notices} What to do: ${runbookLink(runbook)}`,
    metric,
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    datapointsToAlarm,
    evaluationPeriods,
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
  });
  if (topic) {
    const tell = new SnsAction(topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
  }
  return alarm;
}
