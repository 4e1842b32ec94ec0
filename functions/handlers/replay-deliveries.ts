import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { hookWriteRoles } from '../access/role.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import { destination } from '../conversations/destination.ts';
import { findSource } from '../hooks/accept-hook.ts';
import { DeliveriesTable } from '../hooks/deliveries-table.ts';
import { deliveryBodies } from '../hooks/delivery-bodies.ts';
import { asItStands } from '../hooks/delivery-list.ts';
import { DeliveryVerdicts } from '../hooks/delivery-verdicts.ts';
import { isAgain, replayAnswer, replayReportAnswer } from '../hooks/replay-answer.ts';
import { replayDelivery } from '../hooks/replay-delivery.ts';
import { replayMany, type ReplayReport } from '../hooks/replay-many.ts';
import { parseReplayRequest } from '../hooks/replay-request.ts';
import type { AnySource } from '../hooks/source.ts';
import { dynamoClient, s3Client } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { noteEvents } from '../lambda/event-log.ts';
import { answer, httpHandler, type HttpAnswer, type HttpRequest } from '../lambda/http-chain.ts';
import { readIdempotencyKey, replayed } from '../lambda/idempotency-key.ts';
import { readJsonBody } from '../lambda/json-body.ts';
import { logger } from '../lambda/logger.ts';
import { metrics } from '../lambda/metrics.ts';
import { notFound } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';
import type { Note } from '../lambda/request-log.ts';
import { sqsClient } from '../lambda/sqs-client.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';

/** In bytes. */
const bodyLimit = 100 * 1024;
/** Milliseconds that a chunk of deliveries may take: with less left no other is begun. */
const chunkTime = 10_000;

const config = readConfig(
  'API_KEYS_TABLE',
  'DELIVERIES_TABLE',
  'DELIVERY_BODIES_BUCKET',
  'DRAFTS_QUEUE_URL',
  'ORGANISATION_ID',
  'ORGANISATION_USER_ID',
);
const author = { org: config.ORGANISATION_ID, user: config.ORGANISATION_USER_ID };
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const storeFor = destination({ dynamodb: client, readSecret });
const queue = new DraftsQueue(sqsClient(), config.DRAFTS_QUEUE_URL);
const bodies = deliveryBodies(s3Client, config.DELIVERY_BODIES_BUCKET);
const deliveries = new DeliveriesTable(client, config.DELIVERIES_TABLE, bodies);
const verdicts = new DeliveryVerdicts(client, config.DELIVERIES_TABLE);
const originIn = (store: ConversationStore) => async (org: string, id: string) =>
  (await store.find(org, id))?.origin;
const onFailure = (delivery: string, error: unknown) => logger.error('a source failed', { delivery, error });

/** POST /v1/hooks/{source}/deliveries/{id}/replay, whose id may hold slashes, and POST /v1/hooks/{source}/replay */
export const handler = httpHandler(async (request, context, note) => {
  const { org, keyId } = await authenticate(request.headers['authorization'], hookWriteRoles);
  note({ organisation: org });
  const { source: name = '', id } = request.pathParameters ?? {};
  const source = findSource(name);
  // Sources write for the stage's organisation alone.
  if (org !== author.org || !source) throw notFound('source');
  metrics.from(name);
  const asked = { name, source, request, note, store: await storeFor(context) };
  if (id !== undefined) return await replayOne(asked, id, keyId);
  return await replayAll(asked, () => context.getRemainingTimeInMillis() > chunkTime);
});

interface Asked {
  name: string;
  source: AnySource;
  request: HttpRequest;
  note: Note;
  store: ConversationStore;
}

async function replayOne(
  { name, source, request, note, store }: Asked,
  path: string,
  keyId: string,
): Promise<HttpAnswer> {
  const [, event] = /^(.+)\/replay$/s.exec(path) ?? [];
  if (event === undefined) throw notFound('route');
  const key = readIdempotencyKey(request.headers);
  const again = isAgain(request.queryStringParameters ?? {});
  const found = await deliveries.find({ org: author.org, source: name, event });
  if (!found) throw notFound('delivery');
  const kept = await asItStands(found, originIn(store));
  // A key is its holder's own: another's may be the same text.
  const repetition = key === undefined ? request.requestContext.requestId : `${keyId}#${key}`;
  const options = again ? { author, again: repetition } : { author };
  const handled = await replayDelivery(source, kept, options, { store, queue, verdicts });
  noteEvents([handled], note);
  if (handled.problem) throw handled.problem;
  const { status, body } = replayAnswer(kept, handled, again);
  return answer(status, body, again && handled.verdict === 'repeated' ? replayed : {});
}

async function replayAll(
  { name, source, request, note, store }: Asked,
  hasTime: () => boolean,
): Promise<HttpAnswer> {
  const owner = { org: author.org, source: name };
  const { value, faults } = readJsonBody(request, bodyLimit);
  const wanted = parseReplayRequest(value, owner, faults);
  const tools = { deliveries, verdicts, queue, originOf: originIn(store), author, hasTime, onFailure };
  const report = await replayMany(name, source, wanted, tools);
  noteReport(report, wanted.dryRun, note);
  const { status, body } = replayReportAnswer(owner, wanted, report);
  return answer(status, body);
}

/** What was only tried is not counted. */
function noteReport(report: ReplayReport, dryRun: boolean, note: Note): void {
  const { queued, repeated, ignored, rejected, failed } = report;
  const outcomes = { queued, repeated, ignored, rejected, failed };
  note({ outcomes });
  if (dryRun) return;
  for (const [outcome, times] of Object.entries(outcomes))
    metrics.count(outcome as keyof typeof outcomes, times);
}
