import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { createRoles } from '../access/role.ts';
import { queuedJob } from '../bulk/bulk-answer.ts';
import { parseBulk } from '../bulk/bulk-item.ts';
import { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import { takeOnJob } from '../bulk/take-on-job.ts';
import { bulkJobId } from '../conversations/identity.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { idempotencyKeyReused, readIdempotencyKey, replayed } from '../lambda/idempotency-key.ts';
import { readJsonBody } from '../lambda/json-body.ts';
import { sqsClient } from '../lambda/sqs-client.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';

/** In bytes. */
const bodyLimit = 5 * 1024 * 1024;

const config = readConfig('API_KEYS_TABLE', 'BULK_JOBS_TABLE', 'DRAFTS_QUEUE_URL');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const jobs = new BulkJobsTable(client, config.BULK_JOBS_TABLE);
const queue = new DraftsQueue(sqsClient(), config.DRAFTS_QUEUE_URL);

/** POST /v1/conversations/bulk */
export const handler = httpHandler(async (request, _, note) => {
  const caller = await authenticate(request.headers['authorization'], createRoles);
  note({ organisation: caller.org });
  const key = readIdempotencyKey(request.headers);
  const { value, faults } = readJsonBody(request, bodyLimit);
  const items = parseBulk(value, faults);
  const { requestId } = request.requestContext;
  const id = key === undefined ? undefined : bulkJobId(caller, key);
  const taken = await takeOnJob({ ...caller, requestId, id, items }, jobs, queue);
  if (taken.kind === 'reused') throw idempotencyKeyReused();
  note({
    job: taken.job.id,
    items: items.length,
    outcome: taken.kind === 'accepted' ? 'queued' : 'repeated',
  });
  const echo = items.map(({ text }) => text);
  return answer(201, { data: queuedJob(taken.job, echo) }, taken.kind === 'replayed' ? replayed : {});
});
