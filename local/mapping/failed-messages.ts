import type { Outcome } from '../lambda/execution-environment.ts';

/**
 * Which messages of a batch were not dealt with.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param outcome of the invocation
 * @param messageIds of the batch
 * @param reportsItems whether the mapping has ReportBatchItemFailures: else a returned list of failures means nothing
 * @returns the message ids that failed: none, some, or all of the batch, which is also what a malformed report means
 */
export function failedMessages(
  outcome: Outcome,
  messageIds: readonly string[],
  reportsItems: boolean,
): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (outcome.kind !== 'answered') return all;
  if (!reportsItems) return new Set();
  const reported =
    (JSON.parse(outcome.payload) as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(reported)) return all;
  const failed = new Set<string>();
  for (const failure of reported as unknown[]) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== 'string' || !all.has(id)) return all;
    failed.add(id);
  }
  return failed;
}
