import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { readRoles } from '../access/role.ts';
import { destination } from '../conversations/destination.ts';
import { parseCustomerId } from '../conversations/draft.ts';
import { listAnswer, parseListRequest } from '../conversations/page.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { readSecret } from '../lambda/read-secret.ts';

const { API_KEYS_TABLE } = readConfig('API_KEYS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, API_KEYS_TABLE));
const storeFor = destination({ dynamodb: client, readSecret });

/** GET /v1/customers/{id}/conversations */
export const handler = httpHandler(async (request, context, note) => {
  const { org } = await authenticate(request.headers['authorization'], readRoles);
  note({ organisation: org });
  const query = request.queryStringParameters ?? {};
  const owner = { org, customer: parseCustomerId(request.pathParameters?.['id'] ?? '') };
  const wanted = parseListRequest(query, owner);
  const store = await storeFor(context);
  const page = await store.list(org, owner.customer, wanted);
  return answer(200, listAnswer(owner, wanted, page, query));
});
