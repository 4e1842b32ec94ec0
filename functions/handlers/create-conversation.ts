import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { createRoles } from '../access/role.ts';
import { conversationFrom, conversationResource } from '../conversations/conversation.ts';
import { parseDraft, parseDraftFor } from '../conversations/draft.ts';
import { DynamoStore } from '../conversations/dynamo-store.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { readJsonBody } from '../lambda/json-body.ts';
import { conflict } from '../lambda/problem.ts';

/** In bytes; the vendor's general limit. */
const bodyLimit = 100 * 1024;

const { API_KEYS_TABLE, CONVERSATIONS_TABLE } = readConfig('API_KEYS_TABLE', 'CONVERSATIONS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, API_KEYS_TABLE));
const store = new DynamoStore(client, CONVERSATIONS_TABLE);

/** POST /v1/customers/{id}/conversations and POST /v1/conversations */
export const handler = httpHandler(async (request) => {
  const caller = await authenticate(request.headers['authorization'], createRoles);
  const customer = request.pathParameters?.['id'];
  const body = readJsonBody(request, bodyLimit);
  const draft = customer === undefined ? parseDraft(body) : parseDraftFor(customer, body);
  const origin = { kind: 'api', requestId: request.requestContext.requestId } as const;
  const outcome = await store.create(conversationFrom(draft, caller, origin));
  if (outcome.kind === 'conflict') throw conflict(outcome.id, outcome.field);
  return answer(201, { data: conversationResource(outcome.conversation) });
});
