import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { sources } from '../../functions/hooks/sources.ts';
import { lasting, type IntakeAlarmSpec } from './intake-alarm.ts';
import { functionNamed, type Watched, type WatchedFunction } from './watched.ts';

const period = Duration.minutes(5);
/** Percent of invocations. */
const errorRate = 5;
/** Below that many invocations in five minutes one error would be a rate; what fails then is seen in api-errors and dead-letters. */
const leastInvocations = 10;

/** Alarms of every function, and of those that somebody waits for. */
export function functionAlarms(watched: Watched): IntakeAlarmSpec[] {
  return [
    ...watched.functions.flatMap((each) => [errors(each), throttles(each)]),
    slowHooks(watched),
    slowCreates(watched),
  ];
}

function errors(each: WatchedFunction): IntakeAlarmSpec {
  const { name, lambda } = each;
  return {
    runbook: 'function-errors',
    of: name,
    notices: `More than ${errorRate} % of ${workOf(each)} fail or time out${effectOf(each)}.`,
    metric: new MathExpression({
      expression: `IF(invocations >= ${leastInvocations}, 100 * errors / invocations, 0)`,
      usingMetrics: {
        errors: lambda.metricErrors({ period }),
        invocations: lambda.metricInvocations({ period }),
      },
      period,
      label: `errors of ${name}, %`,
    }),
    threshold: errorRate,
    // A deployment or a moment at AWS is over in one period.
    when: [2, 3],
  };
}

function throttles(each: WatchedFunction): IntakeAlarmSpec {
  return {
    runbook: 'function-throttles',
    of: each.name,
    notices: `Lambda turns away ${workOf(each)}, since too many run at once${effectOf(each)}.`,
    metric: each.lambda.metricThrottles({ period: lasting.period }),
    threshold: 0,
    when: lasting.when,
  };
}

function workOf({ name, description }: WatchedFunction): string {
  if (name === 'write-drafts') return 'batches of the drafts queue';
  if (name === 'no-such-route') return 'requests to addresses that do not exist';
  return `requests of ${description}`;
}

function effectOf({ name }: WatchedFunction): string {
  return name === 'write-drafts' ? ': conversations from webhooks and bulk jobs come late' : '';
}

/** Of a sender's deadline; see slowHooks. */
const shareOfDeadline = 0.6;
/** In seconds: receive-hook itself lets no answer take longer than 8. */
const longestDeadline = 10;

/**
 * receive-hook answers 503 a second before its sender's deadline, and hands a direct create to the queue after half of that time: the
 * threshold is between the two, so that a slow destination, which costs no delivery, is none of this alarm's business. Duration
 * does not count a cold start.
 */
function slowHooks(watched: Watched): IntakeAlarmSpec {
  const deadlines = watched.sources.map((name) => sources[name]?.sender.deadline ?? longestDeadline);
  const shortest = Math.min(longestDeadline, ...deadlines);
  return {
    runbook: 'slow-hooks',
    notices:
      'Senders of webhooks are about to give up waiting: their events come late or, where they send once, never.',
    metric: functionNamed(watched, 'receive-hook').lambda.metricDuration({ period, statistic: 'p99' }),
    threshold: shareOfDeadline * shortest * 1000,
    when: slow,
  };
}

/** Half of the time that the function has. */
const slowCreate = 5000;

function slowCreates(watched: Watched): IntakeAlarmSpec {
  return {
    runbook: 'slow-creates',
    notices: `Callers wait more than ${slowCreate / 1000} s for the conversation they create.`,
    metric: functionNamed(watched, 'create-conversation').lambda.metricDuration({ period, statistic: 'p99' }),
    threshold: slowCreate,
    when: slow,
  };
}

/** Where little is asked for, p99 is the slowest one: a single one wakes nobody. */
const slow = [3, 3] as const;
