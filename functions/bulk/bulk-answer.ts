import { related } from '../conversations/conversation.ts';
import { batchStatusOf } from './batch-page.ts';
import type { Batch, BatchOutcome, BulkJob, ItemOutcome } from './bulk-job.ts';

/** The resource of a job just taken on (contract, section 5.2); `echo` is what was sent, each item as JSON. */
export function queuedJob(job: BulkJob, echo: readonly string[]) {
  return jobResource(job, { ...statusOf(job, new Map()), ...payloadOf(job, echo) });
}

/** The resource of a job as it stands; `echo` as far as it is given back, see `isLarge`. */
export function jobAsItStands(
  job: BulkJob,
  outcomes: ReadonlyMap<number, BatchOutcome>,
  echo: readonly string[],
) {
  const settled = [...outcomes.values()];
  const failed = settled.findLast(
    (outcome) => outcome.status === 'dead-letter' || errorsOf(outcome).length > 0,
  );
  const status = statusOf(job, outcomes);
  return jobResource(job, {
    ...status,
    ...payloadOf(job, echo),
    ...(status.completed && { completedAt: status.updatedAt }),
    isLarge: echo.length < job.items,
    errors: {},
    batchErrors: failed !== undefined,
    lastBatchError: failed ? (errorsOf(failed)[0]?.error.title ?? deadLetterError) : null,
    batches: {
      complete: settled.filter((outcome) => outcome.status === 'complete').length,
      total: job.batches,
      idsTotal: settled.reduce((sum, outcome) => sum + createdIds(outcome).length, 0),
    },
  });
}

/** The resource of a batch (contract, section 5.3); without an outcome it is still queued. */
export function batchResource(job: BulkJob, batch: Batch, outcome: BatchOutcome | undefined) {
  const isComplete = outcome?.status === 'complete';
  return {
    type: 'bulk_batch',
    id: batchId(job, batch.number),
    attributes: {
      status: batchStatusOf(outcome),
      completed: isComplete,
      completedAt: isComplete ? outcome.at : null,
      successCount: outcome ? createdIds(outcome).length : 0,
      failureCount: outcome ? errorsOf(outcome).length : 0,
      objectIds: outcome ? createdIds(outcome) : [],
      errors: batchErrors(job, batch, outcome),
      ...(isComplete && job.hasClientRefs && { results: resultsOf(batch, outcome) }),
      v2: true,
      ...payloadOf(job, batch.items),
      createdAt: job.createdAt,
      updatedAt: outcome?.at ?? job.createdAt,
    },
    relationships: {
      org: related('org', 'orgs', job.org),
      bulk: related('bulk', 'bulk', job.id),
      createdBy: related('user', 'users', job.user),
    },
  };
}

const deadLetterError =
  'The batch was given up after its last try and lies in the dead letters: redriven, it completes, and creates nothing twice';

function batchErrors(job: BulkJob, batch: Batch, outcome: BatchOutcome | undefined) {
  if (outcome?.status === 'dead-letter') {
    return [{ id: batchId(job, batch.number), data: { code: 'dead_letter', title: deadLetterError } }];
  }
  return (outcome?.outcomes ?? []).flatMap((item, index) =>
    'error' in item ? [{ id: item.id, data: { ...item.error, index: batch.first + index } }] : [],
  );
}

function resultsOf(batch: Batch, outcome: BatchOutcome) {
  return outcome.outcomes.map((item, index) => {
    const { _clientRef } = JSON.parse(batch.items[index]!) as { _clientRef: string };
    return 'error' in item
      ? { _clientRef, objectId: null, status: 'error', error: item.error.title }
      : { _clientRef, objectId: item.id, status: 'created', error: null };
  });
}

function statusOf(job: BulkJob, outcomes: ReadonlyMap<number, BatchOutcome>) {
  const settled = [...outcomes.values()];
  const completed = settled.filter(({ status }) => status === 'complete').length === job.batches;
  const updatedAt = settled.reduce((latest, { at }) => (at > latest ? at : latest), job.createdAt);
  const status = completed ? 'complete' : settled.length > 0 ? 'running' : 'queued';
  return { status, completed, createdAt: job.createdAt, updatedAt };
}

function payloadOf(job: BulkJob, echo: readonly string[]) {
  return {
    payload: {
      api: {
        data: echo.map((text) => JSON.parse(text) as object),
        path: '/v1/conversations',
        user: {
          id: job.user,
          userType: 'machine',
          roles: job.roles,
          orgName: job.org,
          subject: job.user,
          org: job.org,
        },
        requestId: job.requestId,
        service: 'sobjects',
        method: 'POST',
      },
    },
  };
}

function jobResource(job: BulkJob, attributes: object) {
  return {
    type: 'bulk',
    id: job.id,
    attributes: { ids: [], context: 'api.sobjects.conversations.bulk-create', v2: true, ...attributes },
    relationships: { org: related('org', 'orgs', job.org), createdBy: related('user', 'users', job.user) },
    links: { self: `/v1/bulk/${job.id}` },
  };
}

function createdIds({ outcomes }: BatchOutcome): string[] {
  return outcomes.flatMap((item) => ('error' in item ? [] : [item.id]));
}

function errorsOf({ outcomes }: BatchOutcome): Extract<ItemOutcome, { error: object }>[] {
  return outcomes.filter((item) => 'error' in item);
}

/** Batches have no ids of their own: the job's, with the number in the last four digits. */
function batchId(job: BulkJob, number: number): string {
  return job.id.slice(0, 20) + number.toString(16).padStart(4, '0');
}
