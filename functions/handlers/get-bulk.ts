import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { bulkReadRoles } from '../access/role.ts';
import { batchPage, parseBatchQuery } from '../bulk/batch-page.ts';
import { batchResource, jobAsItStands } from '../bulk/bulk-answer.ts';
import type { BulkJob } from '../bulk/bulk-job.ts';
import { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import { isObjectId } from '../conversations/identity.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler, type HttpAnswer, type HttpRequest } from '../lambda/http-chain.ts';
import { notFound } from '../lambda/problem.ts';

const config = readConfig('API_KEYS_TABLE', 'BULK_JOBS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const jobs = new BulkJobsTable(client, config.BULK_JOBS_TABLE);

/** GET /v1/bulk/{id} and GET /v1/bulk/{id}/batches */
export const handler = httpHandler(async (request, _, note) => {
  const { org } = await authenticate(request.headers['authorization'], bulkReadRoles);
  note({ organisation: org });
  const id = request.pathParameters?.['id'] ?? '';
  const job = isObjectId(id) ? await jobs.find(org, id) : undefined;
  if (!job) throw notFound('bulk job');
  note({ job: id });
  return request.routeKey.endsWith('/batches') ? await batchesOf(job, request) : await progressOf(job);
});

/** What was sent is given back as far as the first batch goes: all of it, for any request that the vendor would take. */
async function progressOf(job: BulkJob): Promise<HttpAnswer> {
  const [outcomes, [first]] = await Promise.all([jobs.outcomes(job), jobs.batches(job, [1])]);
  return answer(200, { data: jobAsItStands(job, outcomes, first?.items ?? []) });
}

async function batchesOf(job: BulkJob, { queryStringParameters = {} }: HttpRequest): Promise<HttpAnswer> {
  const query = parseBatchQuery(queryStringParameters, job);
  const outcomes = await jobs.outcomes(job);
  const { numbers, meta } = batchPage(job, outcomes, query);
  const batches = numbers.length === 0 ? [] : await jobs.batches(job, numbers);
  return answer(200, {
    data: batches.map((batch) => batchResource(job, batch, outcomes.get(batch.number))),
    meta,
  });
}
