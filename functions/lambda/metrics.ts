import { readConfig } from './config.ts';
import { logger } from './logger.ts';
import {
  functionDimension,
  metricNamespace,
  metricUnits,
  sourceDimension,
  stageDimension,
  type MetricName,
} from './metric-names.ts';

/** What may become of something that was asked for, and what that counts as. */
const countedAs = {
  created: ['Accepted', 'Created'],
  queued: ['Accepted'],
  repeated: ['Accepted', 'Repeated'],
  ignored: ['Ignored'],
  rejected: ['Refused'],
  failed: ['Failed'],
} as const satisfies Record<string, readonly MetricName[]>;

/** What became of something that was asked for: the words of the log, and of a delivery's record. */
export type Outcome = keyof typeof countedAs;

type Numbers = Partial<Record<MetricName, number>>;

/** CloudWatch's words for metrics and the dimensions that each of them has. */
interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string; Unit: string }[];
}

/**
 * What an invocation counts and measures, as one line for CloudWatch, when there is something to tell (docs/decisions/0023):
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * A function works on one invocation at a time, so there is one of these, `metrics`; each invocation ends with `flush`.
 */
export class Metrics {
  readonly #dimensions: Readonly<Record<string, string>>;
  readonly #write: (line: string) => void;
  #general: Numbers = {};
  #bySource = new Map<string, Numbers>();
  #source: string | undefined;
  #isCounted = false;

  /** `lambda` is the function's name. `write` is given whole lines, without their ends. */
  constructor(stage: string, lambda: string, write: (line: string) => void) {
    this.#dimensions = { [stageDimension]: stage, [functionDimension]: lambda };
    this.#write = write;
  }

  /**
   * Adds to a count; of a duration or an age the longest is kept; undefined, what is not known, adds nothing. `source` is a configured
   * one, never what a caller calls so: each other value would be one more metric to pay for.
   */
  add(name: MetricName, value: number | undefined, source: string | undefined = this.#source): void {
    if (value === undefined) return;
    const numbers = source === undefined || !ofSources.has(name) ? this.#general : this.#of(source);
    const before = numbers[name] ?? 0;
    numbers[name] = metricUnits[name] === 'Count' ? before + value : Math.max(before, value);
  }

  /** Counts what became of something. */
  count(outcome: Outcome, times = 1): void {
    this.#isCounted = true;
    if (times > 0) for (const name of countedAs[outcome]) this.add(name, times);
  }

  /** Until the invocation's end, all that is counted is of this source, a configured one. */
  from(source: string): void {
    this.#source = source;
  }

  /** Has this invocation counted what became of something? */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  /** Writes the line of the invocation `requestId` and begins anew. A line has one value for each metric: further sources have lines of their own. */
  flush(requestId: string, now: number = Date.now()): void {
    const written = { requestId, now };
    let general = this.#general;
    for (const [source, counts] of this.#bySource) {
      const fits = !Object.keys(general).some((name) => name in counts);
      this.#tell(written, fits ? general : {}, source, counts);
      if (fits) general = {};
    }
    this.#tell(written, general);
    this.#general = {};
    this.#bySource = new Map();
    this.#source = undefined;
    this.#isCounted = false;
  }

  #of(source: string): Numbers {
    const known = this.#bySource.get(source) ?? {};
    this.#bySource.set(source, known);
    return known;
  }

  #tell(
    { requestId, now: Timestamp }: { requestId: string; now: number },
    general: Numbers,
    source?: string,
    counts: Numbers = {},
  ): void {
    const names = Object.keys(general) as MetricName[];
    const CloudWatchMetrics = [
      ...directive(names.filter((name) => name !== 'Latency')),
      ...directive(
        names.filter((name) => name === 'Latency'),
        functionDimension,
      ),
      ...directive(Object.keys(counts) as MetricName[], sourceDimension),
    ];
    if (CloudWatchMetrics.length === 0) return;
    const dimensions = { ...this.#dimensions, ...(source !== undefined && { [sourceDimension]: source }) };
    this.#write(
      JSON.stringify({
        _aws: { Timestamp, CloudWatchMetrics },
        ...dimensions,
        requestId,
        ...general,
        ...counts,
      }),
    );
  }
}

/** What hooks count by their source too. */
const ofSources: ReadonlySet<MetricName> = new Set(Object.values(countedAs).flat());

function directive(names: readonly MetricName[], dimension?: string): Directive[] {
  if (names.length === 0) return [];
  const Dimensions = [[stageDimension], ...(dimension === undefined ? [] : [[stageDimension, dimension]])];
  const Metrics = names.map((Name) => ({ Name, Unit: metricUnits[Name] }));
  return [{ Namespace: metricNamespace, Dimensions, Metrics }];
}

const { STAGE, FUNCTION } = readConfig('STAGE', 'FUNCTION');

/** The metrics of this function. Beside the log, whose level does not concern them; a silent one silences them too. */
export const metrics = new Metrics(STAGE, FUNCTION, (line) => {
  if (logger.getLevelName() !== 'SILENT') process.stdout.write(`${line}\n`);
});
