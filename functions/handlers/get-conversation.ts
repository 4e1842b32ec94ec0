import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { readRoles } from '../access/role.ts';
import { conversationResource } from '../conversations/conversation.ts';
import { destination } from '../conversations/destination.ts';
import { isObjectId } from '../conversations/identity.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { notFound } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';

const { API_KEYS_TABLE } = readConfig('API_KEYS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, API_KEYS_TABLE));
const storeFor = destination({ dynamodb: client, readSecret });

/**
 * GET /v1/conversations/{id} and GET /v1/conversations/externalId={externalId}. The route's parameter is greedy, so
 * that an externalId may hold slashes: API Gateway decodes the path before it looks for the route.
 */
export const handler = httpHandler(async (request, context, note) => {
  const caller = await authenticate(request.headers['authorization'], readRoles);
  note({ organisation: caller.org });
  const reference = request.pathParameters?.['id'] ?? '';
  const [, externalId] = /^externalId=(.*)$/s.exec(reference) ?? [];
  if (externalId === undefined && !isObjectId(reference)) throw notFound('conversation');
  const store = await storeFor(context);
  const conversation =
    externalId === undefined
      ? await store.find(caller.org, reference)
      : await store.findByExternalId(caller.org, externalId);
  if (!conversation) throw notFound('conversation');
  note({ conversation: conversation.id });
  return answer(200, { data: conversationResource(conversation) });
});
