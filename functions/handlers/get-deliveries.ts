import { ApiKeysTable } from '../access/api-keys-table.ts';
import { authenticator } from '../access/authenticate.ts';
import { hookReadRoles } from '../access/role.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import { destination } from '../conversations/destination.ts';
import { findSource } from '../hooks/accept-hook.ts';
import { DeliveriesTable } from '../hooks/deliveries-table.ts';
import { deliveryBodies } from '../hooks/delivery-bodies.ts';
import { asItStands } from '../hooks/delivery-list.ts';
import { deliveryListAnswer, parseDeliveryQuery } from '../hooks/delivery-query.ts';
import { keptDeliveryResource } from '../hooks/delivery-resource.ts';
import { dynamoClient, s3Client } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler } from '../lambda/http-chain.ts';
import { notFound } from '../lambda/problem.ts';
import { readSecret } from '../lambda/read-secret.ts';

const config = readConfig('API_KEYS_TABLE', 'DELIVERIES_TABLE', 'DELIVERY_BODIES_BUCKET', 'ORGANISATION_ID');
const client = dynamoClient();
const authenticate = authenticator(new ApiKeysTable(client, config.API_KEYS_TABLE));
const storeFor = destination({ dynamodb: client, readSecret });
const bodies = deliveryBodies(s3Client, config.DELIVERY_BODIES_BUCKET);
const deliveries = new DeliveriesTable(client, config.DELIVERIES_TABLE, bodies);
const originIn = (store: ConversationStore) => async (org: string, id: string) =>
  (await store.find(org, id))?.origin;

/** GET /v1/hooks/{source}/deliveries and GET /v1/hooks/{source}/deliveries/{id}, whose parameter is greedy: ids may hold slashes. */
export const handler = httpHandler(async (request, context, note) => {
  const { org } = await authenticate(request.headers['authorization'], hookReadRoles);
  note({ organisation: org });
  const { source = '', id } = request.pathParameters ?? {};
  // Sources write for the stage's organisation alone.
  if (org !== config.ORGANISATION_ID || !findSource(source)) throw notFound('source');
  const originOf = originIn(await storeFor(context));
  if (id !== undefined) {
    const found = await deliveries.find({ org, source, event: id });
    if (!found) throw notFound('delivery');
    note({ delivery: id });
    return answer(200, { data: keptDeliveryResource(await asItStands(found, originOf)) });
  }
  const query = request.queryStringParameters ?? {};
  const wanted = parseDeliveryQuery(query, { org, source });
  const page = await deliveries.list({ org, source }, wanted, originOf);
  return answer(200, deliveryListAnswer({ org, source }, wanted, page, query));
});
