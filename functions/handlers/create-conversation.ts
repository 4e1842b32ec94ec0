import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { createLimit } from '../access/create-limit.ts';
import { createRoles } from '../access/role.ts';
import { conversationFrom, conversationResource } from '../conversations/conversation.ts';
import { destination } from '../conversations/destination.ts';
import { parseDraft, parseDraftFor, resolveCustomer } from '../conversations/draft.ts';
import { idempotentOrigin, isOwn, type Origin } from '../conversations/identity.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { idempotencyKeyReused, readIdempotencyKey, replayed } from '../lambda/idempotency-key.ts';
import { readJsonBody } from '../lambda/json-body.ts';
import { metrics } from '../lambda/metrics.ts';
import { conflict } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';

/** In bytes; the vendor's general limit. */
const bodyLimit = 100 * 1024;

const config = readConfig('API_KEYS_TABLE', 'LIMITS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const countCreate = createLimit(client, config.LIMITS_TABLE);
const storeFor = destination({ dynamodb: client, readSecret });

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
  const outcome = await store.create(conversation);
  metrics.add('VendorBudgetLeft', store.budgetLeft);
  if (outcome.kind !== 'created') await counted?.refund();

  if (outcome.kind === 'conflict') {
    throw outcome.field === 'idempotencyKey' ? idempotencyKeyReused() : conflict(outcome.id, outcome.field);
  }
  note({ conversation: outcome.conversation.id, outcome: outcome.kind });
  const headers = { ...counted?.headers, ...(outcome.kind === 'repeated' && key !== undefined && replayed) };
  return answer(201, { data: conversationResource(outcome.conversation) }, headers);
});
