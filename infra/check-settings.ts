import { sources } from '../functions/hooks/sources.ts';
import { defaultThrottling, retentionDays, type StageSettings, type Throttle } from './stages.ts';

/** One thing that a setting must be. */
interface Rule {
  /** Where it stands, e.g. `organisation.id`. */
  setting: string;
  /** What is right, to follow "must be". */
  right: string;
  /** What is wrong of it, as text; undefined when nothing is. */
  faultIn(settings: StageSettings): string | undefined;
}

/** The settings, when all of them are right. Throws an Error that names the stage, and each setting that is not, with what is right. */
export function checkedSettings(settings: StageSettings): StageSettings {
  const faults = rules.flatMap(({ setting, right, faultIn }) => {
    const found = faultIn(settings);
    return found === undefined ? [] : [`  ${setting} is ${found}: it must be ${right}`];
  });
  if (faults.length === 0) return settings;
  throw new Error(
    `The settings of the stage ${settings.stage} in infra/stages.ts are not right:\n${faults.join('\n')}`,
  );
}

/** A rule about the value that `read` finds; there is nothing wrong with a setting that is not given. */
function rule<Value>(
  setting: string,
  right: string,
  read: (settings: StageSettings) => Value,
  isRight: (value: NonNullable<Value>, settings: StageSettings) => boolean,
): Rule {
  return {
    setting,
    right,
    faultIn: (settings) => {
      const value = read(settings);
      if (value === undefined || value === null || isRight(value, settings)) return undefined;
      return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
    },
  };
}

function relayOf({ destination }: StageSettings) {
  return destination.kind === 'kustomer' ? destination : undefined;
}

const wholeFrom = (least: number, most: number) => (value: number) =>
  Number.isInteger(value) && value >= least && value <= most;
const isObjectId = (value: string) => /^[0-9a-f]{24}$/.test(value);
const isSecureBase = (value: string) => URL.canParse(value) && /^https:\/\/[^?#@\s]*[^/?#@\s]$/.test(value);
const isArnOf = (service: string) => (value: string) =>
  new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]+:\\d{12}:.+$`).test(value);
const isHostName = (value: string) =>
  /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}$/.test(value);
const isEmail = (value: string) => /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(value);
const isText = (value: string) => value !== '';

const objectId = 'an object id: 24 lower-case hex digits';
const secureBase = 'an https URL without a query and without a slash at its end';
const some = 'the name of one, not empty';

const rules: readonly Rule[] = [
  // It is part of the stacks' names.
  rule(
    'the name',
    'letters, digits and hyphens, at most 40, a letter first',
    ({ stage }) => stage,
    (stage) => /^[a-z][a-z\d-]{0,39}$/i.test(stage),
  ),
  rule('organisation.id', objectId, ({ organisation }) => organisation.id, isObjectId),
  rule('organisation.userId', objectId, ({ organisation }) => organisation.userId, isObjectId),
  rule('destination.baseUrl', secureBase, (settings) => relayOf(settings)?.baseUrl, isSecureBase),
  rule(
    'destination.apiKeySecret',
    'the complete ARN of a secret: a hyphen and six characters at its end',
    (settings) => relayOf(settings)?.apiKeySecret,
    (arn) => isArnOf('secretsmanager')(arn) && /:secret:.+-\w{6}$/.test(arn),
  ),
  rule(
    'destination.reservedShare',
    'a number from 0 to below 1',
    (settings) => relayOf(settings)?.reservedShare,
    (share) => share >= 0 && share < 1,
  ),
  ...(['requestsPerMinute', 'requestBytes', 'bulkPatienceSeconds'] as const).map((name) =>
    rule(
      `destination.${name}`,
      'a whole number of 1 or more',
      (settings) => relayOf(settings)?.[name],
      wholeFrom(1, Infinity),
    ),
  ),
  rule(
    'sources',
    `names of functions/hooks/sources.ts: ${Object.keys(sources).join(', ')}`,
    ({ sources: chosen }) => chosen && ('only' in chosen ? chosen.only : chosen.off),
    (names) => names.every((name) => Object.hasOwn(sources, name)),
  ),
  rule('domain.name', 'a host name in lower case', ({ domain }) => domain?.name, isHostName),
  rule(
    'domain.certificateArn',
    'the ARN of a certificate in AWS Certificate Manager',
    ({ domain }) => domain?.certificateArn,
    isArnOf('acm'),
  ),
  rule(
    'domain.mutualTls.truststoreBucket',
    some,
    ({ domain }) => domain?.mutualTls?.truststoreBucket,
    isText,
  ),
  rule('domain.mutualTls.truststoreKey', some, ({ domain }) => domain?.mutualTls?.truststoreKey, isText),
  rule('publicBaseUrl', secureBase, ({ publicBaseUrl }) => publicBaseUrl, isSecureBase),
  rule(
    'logRetentionDays',
    `one of ${retentionDays.join(', ')}`,
    ({ logRetentionDays }) => logRetentionDays,
    (days) => retentionDays.includes(days),
  ),
  rule(
    'batchWindowSeconds',
    'a whole number from 1 to 300',
    ({ batchWindowSeconds }) => batchWindowSeconds,
    wholeFrom(1, 300),
  ),
  rule('writers', 'a whole number from 2 to 1000', ({ writers }) => writers, wholeFrom(2, 1000)),
  ...(['hooks', 'creates'] as const).map((name) =>
    rule(
      `reservedConcurrency.${name}`,
      'a whole number of 1 or more',
      ({ reservedConcurrency }) => reservedConcurrency?.[name],
      wholeFrom(1, Infinity),
    ),
  ),
  rule(
    'throttling',
    `by group: ${Object.keys(defaultThrottling).join(', ')}`,
    ({ throttling }) => throttling && Object.keys(throttling),
    (groups) => groups.every((group) => Object.hasOwn(defaultThrottling, group)),
  ),
  // Above that it is the account that throttles: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  ...(Object.keys(defaultThrottling) as (keyof typeof defaultThrottling)[]).flatMap((group) => {
    const given = (part: keyof Throttle) => (settings: StageSettings) => settings.throttling?.[group]?.[part];
    return [
      rule(
        `throttling.${group}.rate`,
        'a number above 0, at most 10000',
        given('rate'),
        (rate) => rate > 0 && rate <= 10_000,
      ),
      rule(`throttling.${group}.burst`, 'a whole number from 1 to 5000', given('burst'), wholeFrom(1, 5000)),
    ];
  }),
  rule(
    'rollout.canaryMinutes',
    '5, 10, 15 or 30',
    ({ rollout }) => rollout?.canaryMinutes,
    (minutes) => [5, 10, 15, 30].includes(minutes),
  ),
  rule(
    'alarmTarget.email',
    'an email address',
    ({ alarmTarget }) => (alarmTarget && 'email' in alarmTarget ? alarmTarget.email : undefined),
    isEmail,
  ),
  rule(
    'alarmTarget.topicArn',
    'the ARN of an SNS topic',
    ({ alarmTarget }) => (alarmTarget && 'topicArn' in alarmTarget ? alarmTarget.topicArn : undefined),
    isArnOf('sns'),
  ),
  rule(
    'monthlyBudget',
    'US dollars above 0, beside an alarmTarget that is told',
    ({ monthlyBudget }) => monthlyBudget,
    (dollars, { alarmTarget }) => dollars > 0 && alarmTarget !== undefined,
  ),
];
