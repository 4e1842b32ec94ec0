import { destination } from '../conversations/destination.ts';
import { findSource, sourcesWith } from '../hooks/accept-hook.ts';
import { DeliveriesTable } from '../hooks/deliveries-table.ts';
import { deliveryBodies } from '../hooks/delivery-bodies.ts';
import { fetchText } from '../hooks/fetch-text.ts';
import { hookSecrets } from '../hooks/hook-secrets.ts';
import { receiveDelivery } from '../hooks/receive-delivery.ts';
import { dynamoClient, s3Client } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { noteEvents } from '../lambda/event-log.ts';
import { answer, emptyAnswer, httpHandler } from '../lambda/http-chain.ts';
import { rawBody } from '../lambda/json-body.ts';
import { metrics } from '../lambda/metrics.ts';
import { payloadTooLarge, unavailable } from '../lambda/problem.ts';
import { secretReader, secretsClient } from '../lambda/secrets-client.ts';
import { sqsClient } from '../lambda/sqs-client.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';

/** In bytes. Lambda takes 6 MB an invocation, and base64 adds a third. */
const bodyLimit = 4 * 1024 * 1024;

const config = readConfig(
  'DELIVERIES_TABLE',
  'DELIVERY_BODIES_BUCKET',
  'DRAFTS_QUEUE_URL',
  'HOOK_SECRETS',
  'ORGANISATION_ID',
  'ORGANISATION_USER_ID',
  'PUBLIC_BASE_URL',
);
const author = { org: config.ORGANISATION_ID, user: config.ORGANISATION_USER_ID };
const secrets = secretsClient();
const keysOf = hookSecrets(secrets, config.HOOK_SECRETS);
const sources = sourcesWith(config.HOOK_SECRETS);
const client = dynamoClient();
const storeFor = destination({ dynamodb: client, readSecret: secretReader(secrets) });
const destinations = {
  queue: new DraftsQueue(sqsClient(), config.DRAFTS_QUEUE_URL),
  log: new DeliveriesTable(
    client,
    config.DELIVERIES_TABLE,
    deliveryBodies(s3Client, config.DELIVERY_BODIES_BUCKET),
  ),
};

/**
 * POST /v1/hooks/{source}. No body parser comes before it: signatures cover the bytes as they were sent. Whatever goes wrong on our side
 * is 503, so that the sender tries again.
 */
export const handler = httpHandler(async (request, invocation, note) => {
  const source = request.pathParameters?.['source'] ?? '';
  if (findSource(source, sources)) metrics.from(source);
  note({ organisation: author.org });
  const body = rawBody(request);
  if (body.length > bodyLimit) throw payloadTooLarge(bodyLimit);
  const raw = {
    headers: request.headers,
    body,
    method: 'POST',
    url: publicUrl(source, request.rawQueryString),
    from: request.requestContext.http?.sourceIp,
  };
  const context = { author, keysOf, sources, now: Date.now(), fetchText };
  const store = await storeFor(invocation);
  const received = await receiveDelivery(source, raw, context, { ...destinations, store });
  const { answer: given, handled, secretIndex } = received;
  metrics.add('VendorBudgetLeft', store.budgetLeft);
  noteEvents(handled, note);
  if (secretIndex !== undefined) note({ secret: secretIndex });
  if ('problem' in given) throw given.problem;
  return given.body ? answer(given.status, given.body) : emptyAnswer(given.status);
}, unavailable);

/** What the sender called; what a forwarded header says of it is never believed. */
function publicUrl(source: string, query: string): string {
  return `${config.PUBLIC_BASE_URL}/v1/hooks/${source}${query === '' ? '' : `?${query}`}`;
}
