import { DynamoStore } from '../conversations/dynamo-store.ts';
import { isSameSource } from '../conversations/identity.ts';
import { acceptHook } from '../hooks/accept-hook.ts';
import { hookSecrets } from '../hooks/hook-secrets.ts';
import { dynamoClient, secretsClient, sqsClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, httpHandler, type HttpAnswer } from '../lambda/http-chain.ts';
import { rawBody } from '../lambda/json-body.ts';
import { conflict, payloadTooLarge } from '../lambda/problem.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';

/** In bytes. Lambda takes 6 MB an invocation, and base64 adds a third. */
const bodyLimit = 4 * 1024 * 1024;

const config = readConfig(
  'CONVERSATIONS_TABLE',
  'DRAFTS_QUEUE_URL',
  'HOOK_SECRETS',
  'ORGANISATION_ID',
  'ORGANISATION_USER_ID',
);
const author = { org: config.ORGANISATION_ID, user: config.ORGANISATION_USER_ID };
const secretsOf = hookSecrets(secretsClient(), config.HOOK_SECRETS);
const store = new DynamoStore(dynamoClient(), config.CONVERSATIONS_TABLE);
const queue = new DraftsQueue(sqsClient(), config.DRAFTS_QUEUE_URL);

/** POST /v1/hooks/{source}. No body parser comes before it: signatures cover the bytes as they were sent. */
export const handler = httpHandler(async (request) => {
  const source = request.pathParameters?.['source'] ?? '';
  const body = rawBody(request);
  if (body.length > bodyLimit) throw payloadTooLarge(bodyLimit);
  const accepted = await acceptHook(source, { headers: request.headers, body }, author, secretsOf);

  if (accepted.kind === 'ignored') return verdict(200, source, accepted.event, 'ignored');
  const { event, conversation } = accepted;
  if (accepted.mode === 'queued') {
    await queue.send({ version: 1, conversation });
    return verdict(202, source, event, 'queued', conversation.id);
  }
  const outcome = await store.create(conversation);
  if (outcome.kind === 'created') return verdict(201, source, event, 'created', outcome.conversation.id);
  if (outcome.kind === 'repeated') return verdict(200, source, event, 'repeated', outcome.conversation.id);
  if (isSameSource(conversation.origin, outcome.origin))
    return verdict(200, source, event, 'repeated', outcome.id);
  throw conflict(outcome.id, outcome.field);
});

/** What became of the delivery; `conversation` is the id of the one that it led to, at once or soon. */
function verdict(
  status: number,
  source: string,
  event: string | undefined,
  verdict: 'created' | 'queued' | 'repeated' | 'ignored',
  conversation?: string,
): HttpAnswer {
  return answer(status, {
    data: {
      type: 'delivery',
      ...(event !== undefined && { id: event }),
      attributes: { source, verdict, ...(conversation !== undefined && { conversation }) },
    },
  });
}
