import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { StageSettings } from '../stages.ts';
import type { IntakeAlarmSpec } from './intake-alarm.ts';
import { ownMetric } from './own-metric.ts';
import type { Watched } from './watched.ts';

/**
 * Seconds. A message that is received three times and comes back is no longer counted by ApproximateAgeOfOldestMessage, so retries, which
 * pause for 50 s before that, do not come near:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const oldestMessage = 300;
/**
 * Seconds. A relay puts messages off on purpose: until the budget's next minute, and for five minutes while the vendor refuses the key, which
 * has an alarm of its own. Three times five minutes is what one message is counted for at most; above it, messages are not received at all.
 */
const oldestRelayed = 900;
/** Days that dead letters are there since they got there: three before the first may be deleted. They are kept for 14, of which 4 may have gone by before. */
const deadLettersAge = 7;
/** Seconds. */
const lateBulkJob = 3600;

/** Alarms of the drafts queue, the dead letters, and the jobs that go through the queue. */
export function queueAlarms(
  { drafts, deadLetters }: Watched,
  { stage, destination }: StageSettings,
): IntakeAlarmSpec[] {
  const relays = destination.kind === 'kustomer';
  const threshold = relays ? oldestRelayed : oldestMessage;
  const alarms: IntakeAlarmSpec[] = [
    {
      runbook: 'dead-letters',
      notices: 'Conversations that were asked for are missing, and nothing makes them until somebody does.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 0,
      when: [1, 1],
      // A queue that nothing happens to is not measured after six hours: the letters are there all the same.
      missing: TreatMissingData.IGNORE,
    },
    {
      runbook: 'dead-letters-expire',
      notices: 'Conversations that are missing will be lost for good within days.',
      metric: deadLetters.metricApproximateAgeOfOldestMessage({
        period: Duration.hours(1),
        statistic: 'Maximum',
      }),
      threshold: deadLettersAge * 24 * 3600,
      when: [1, 1],
      missing: TreatMissingData.IGNORE,
    },
    {
      runbook: 'oldest-message',
      notices: `Conversations from webhooks and bulk jobs come more than ${threshold / 60} minutes late.`,
      metric: drafts.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold,
      // A writer that died leaves its messages hidden for six minutes: old for a minute or two, and done then.
      when: [3, 3],
    },
    {
      runbook: 'late-bulk-job',
      notices: 'A bulk job is not complete an hour after it was asked for.',
      metric: ownMetric(stage, 'BulkBatchAge', { statistic: 'Maximum' }),
      threshold: lateBulkJob,
      // Measured when a batch is worked on, which may be minutes apart: one alarm, not one for each.
      when: [1, 3],
    },
  ];
  return relays ? [keyRefused(stage), ...alarms] : alarms;
}

function keyRefused(stage: string): IntakeAlarmSpec {
  return {
    runbook: 'vendor-key-refused',
    notices: 'Kustomer refuses our API key: no conversation is made, and the API answers 503.',
    metric: ownMetric(stage, 'VendorKeyRefused', { statistic: 'Sum' }),
    threshold: 0,
    // Messages try again after five minutes: one alarm, not one for each.
    when: [1, 3],
  };
}
