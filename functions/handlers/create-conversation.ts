import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { createLimit } from '../access/create-limit.ts';
import { createRoles } from '../access/role.ts';
import type { Outcome } from '../conversations/conversation-store.ts';
import { conversationFrom, conversationResource, type Conversation } from '../conversations/conversation.ts';
import { destination } from '../conversations/destination.ts';
import { parseDraft, parseDraftFor, resolveCustomer } from '../conversations/draft.ts';
import { idempotentOrigin, isOwn, type Origin } from '../conversations/identity.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { idempotencyKeyReused, readIdempotencyKey, replayed } from '../lambda/idempotency-key.ts';
import { readJsonBody } from '../lambda/json-body.ts';
import { lateSqsClient } from '../lambda/late-sqs-client.ts';
import { metrics } from '../lambda/metrics.ts';
import { appliedAsync, prefersAsync } from '../lambda/prefer.ts';
import { conflict, Problem } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';
import { sendLate } from '../queue/send-late.ts';

/** In bytes; the vendor's general limit. */
const bodyLimit = 100 * 1024;

const config = readConfig('API_KEYS_TABLE', 'LIMITS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const countCreate = createLimit(client, config.LIMITS_TABLE);
const storeFor = destination({ dynamodb: client, readSecret });
const relays = readConfig('KUSTOMER_BASE_URL').KUSTOMER_BASE_URL !== undefined;
/** Only Kustomer puts creates off, so that only a relay queues them. */
const queueUrl = relays ? readConfig('DRAFTS_QUEUE_URL').DRAFTS_QUEUE_URL : undefined;

/** POST /v1/customers/{id}/conversations and POST /v1/conversations */
export const handler = httpHandler(async (request, context, note) => {
  const caller = await authenticate(request.headers['authorization'], createRoles);
  note({ organisation: caller.org });
  const key = readIdempotencyKey(request.headers);
  const customer = request.pathParameters?.['id'];
  const { value, faults } = readJsonBody(request, bodyLimit);
  const asked = customer === undefined ? parseDraft(value, faults) : parseDraftFor(customer, value, faults);

  const origin: Origin =
    key === undefined
      ? { kind: 'api', requestId: request.requestContext.requestId }
      : idempotentOrigin(caller, key, asked);
  const draft = resolveCustomer(caller.org, asked);
  const conversation = conversationFrom(draft, caller, origin);
  const store = await storeFor(context);
  const isRepetition = async () => {
    const found = await store.find(caller.org, conversation.id);
    return found !== undefined && isOwn(found.origin, conversation.origin);
  };
  const counted =
    draft.importedAt === undefined
      ? await countCreate(caller.keyId, draft.customer, isRepetition)
      : undefined;
  let outcome: Outcome;
  try {
    outcome = await store.create(conversation);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 429 && queueUrl !== undefined && prefersAsync(request.headers)) {
      await sendLate(lateSqsClient, queueUrl, { version: 1, conversation });
      note({ conversation: conversation.id, outcome: 'queued' });
      return answer(202, { data: promised(conversation) }, { ...counted?.headers, ...appliedAsync });
    }
    await counted?.refund();
    throw error;
  } finally {
    metrics.add('VendorBudgetLeft', store.budgetLeft);
  }
  if (outcome.kind !== 'created') await counted?.refund();

  if (outcome.kind === 'conflict') {
    throw outcome.field === 'idempotencyKey' ? idempotencyKeyReused() : conflict(outcome.id, outcome.field);
  }
  note({ conversation: outcome.conversation.id, outcome: outcome.kind });
  const headers = { ...counted?.headers, ...(outcome.kind === 'repeated' && key !== undefined && replayed) };
  return answer(201, { data: conversationResource(outcome.conversation) }, headers);
});

/** A conversation that is not there yet, and where it will be. */
function promised({ id }: Conversation): object {
  return { type: 'conversation', id, links: { self: `/v1/conversations/${id}` } };
}
