/** The namespace of this project's own metrics in CloudWatch. */
export const metricNamespace = 'ConversationIntake';

/** Every metric has this dimension: the name of the stage. */
export const stageDimension = 'Stage';

/** What is counted of hooks by source has this dimension beside the stage's. */
export const sourceDimension = 'Source';

/** How long something took has this dimension beside the stage's. */
export const functionDimension = 'Function';

/** The project's own metrics, each with its unit as CloudWatch calls it. */
export const metricUnits = {
  /** Hooks and creates that were taken on; of hooks by source too, as are the next five. */
  Accepted: 'Count',
  /** Conversations that were written now. */
  Created: 'Count',
  /** What had happened before: its conversation was there. */
  Repeated: 'Count',
  /** Deliveries that a source makes no conversation of. */
  Ignored: 'Count',
  /** Requests and deliveries at fault: never retried. */
  Refused: 'Count',
  /** What went wrong on our side. */
  Failed: 'Count',
  /** Of a request, or of a batch of messages. */
  Latency: 'Milliseconds',
  /** Messages that one invocation of the writer was given. */
  BatchSize: 'Count',
  /** Requests that the vendor's organisation has left in this minute. */
  VendorBudgetLeft: 'Count',
  /** How old the oldest message of a batch was, since it was first sent. */
  OldestMessageAge: 'Seconds',
  /** Answers with which the vendor refused our API key. */
  VendorKeyRefused: 'Count',
  /** How old a bulk job was when one of its batches was worked on. */
  BulkBatchAge: 'Seconds',
} as const;

/** The name of one of the project's own metrics. */
export type MetricName = keyof typeof metricUnits;
