import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { readRoles } from '../access/role.ts';
import { parseCustomerId } from '../conversations/draft.ts';
import { DynamoStore } from '../conversations/dynamo-store.ts';
import { listAnswer, parseListRequest } from '../conversations/page.ts';
import { dynamoClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';

const { API_KEYS_TABLE, CONVERSATIONS_TABLE } = readConfig('API_KEYS_TABLE', 'CONVERSATIONS_TABLE');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, API_KEYS_TABLE));
const store = new DynamoStore(client, CONVERSATIONS_TABLE);

/** GET /v1/customers/{id}/conversations */
export const handler = httpHandler(async (request) => {
  const { org } = await authenticate(request.headers['authorization'], readRoles);
  const query = request.queryStringParameters ?? {};
  const owner = { org, customer: parseCustomerId(request.pathParameters?.['id'] ?? '') };
  const wanted = parseListRequest(query, owner);
  const page = await store.list(org, owner.customer, wanted);
  return answer(200, listAnswer(owner, wanted, page, query));
});
