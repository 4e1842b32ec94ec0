import { DynamoStore } from '../conversations/dynamo-store.ts';
import { acceptHook, findSource } from '../hooks/accept-hook.ts';
import { carryOut, withinTime, type Handled } from '../hooks/carry-out.ts';
import { DeliveriesTable } from '../hooks/deliveries-table.ts';
import { deliveryBodies } from '../hooks/delivery-bodies.ts';
import { fetchText } from '../hooks/fetch-text.ts';
import { handshakeAnswer, hookAnswer } from '../hooks/hook-answer.ts';
import { hookSecrets } from '../hooks/hook-secrets.ts';
import type { Sender } from '../hooks/sender.ts';
import { dynamoClient, secretsClient, sqsClient } from '../lambda/aws-clients.ts';
import { readConfig } from '../lambda/config.ts';
import { answer, emptyAnswer, httpHandler, type HttpAnswer, type HttpRequest } from '../lambda/http-chain.ts';
import { rawBody } from '../lambda/json-body.ts';
import { logger } from '../lambda/logger.ts';
import { payloadTooLarge, unavailable } from '../lambda/problem.ts';
import { DraftsQueue } from '../queue/drafts-queue.ts';

/** In bytes. Lambda takes 6 MB an invocation, and base64 adds a third. */
const bodyLimit = 4 * 1024 * 1024;
/** Milliseconds of a sender's deadline that are left for the way, and of what remains, the share that a direct create may take. */
const margin = 1000;
const directShare = 0.5;
/** Milliseconds that no answer takes longer, whatever the sender's deadline: below the function's timeout. */
const longestAnswer = 8000;

const config = readConfig(
  'CONVERSATIONS_TABLE',
  'DELIVERIES_TABLE',
  'DELIVERY_BODIES_BUCKET',
  'DRAFTS_QUEUE_URL',
  'HOOK_SECRETS',
  'ORGANISATION_ID',
  'ORGANISATION_USER_ID',
  'PUBLIC_BASE_URL',
);
const author = { org: config.ORGANISATION_ID, user: config.ORGANISATION_USER_ID };
const keysOf = hookSecrets(secretsClient(), config.HOOK_SECRETS);
const client = dynamoClient();
const destinations = {
  store: new DynamoStore(client, config.CONVERSATIONS_TABLE),
  queue: new DraftsQueue(sqsClient(), config.DRAFTS_QUEUE_URL),
  log: new DeliveriesTable(client, config.DELIVERIES_TABLE, deliveryBodies(config.DELIVERY_BODIES_BUCKET)),
};

/**
 * POST /v1/hooks/{source}. No body parser comes before it: signatures cover the bytes as they were sent. What cannot be kept
 * within the sender's deadline is answered 503, so that it comes again.
 */
export const handler = httpHandler(async (request, _context, note) => {
  const name = request.pathParameters?.['source'] ?? '';
  note({ source: name });
  const body = rawBody(request);
  if (body.length > bodyLimit) throw payloadTooLarge(bodyLimit);
  const patience = patienceOf(findSource(name)?.sender);
  const answered = await withinTime(patience, receive(name, request, body, patience * directShare, note));
  if (!answered) throw unavailable();
  return answered;
}, unavailable);

type Note = (fields: Record<string, unknown>) => void;

async function receive(
  name: string,
  request: HttpRequest,
  body: Buffer,
  patience: number,
  note: Note,
): Promise<HttpAnswer> {
  const raw = {
    headers: request.headers,
    body,
    method: 'POST',
    url: publicUrl(name, request.rawQueryString),
  };
  const accepted = await acceptHook(name, raw, { author, keysOf, now: Date.now(), fetchText });
  const { sender, delivery: mode } = accepted.source;
  if (accepted.kind === 'handshake') {
    const { status, body: wanted } = accepted.handshake;
    note({ verdict: 'handshake' });
    if (wanted) return answer(status, wanted);
    return sender.success === 'verdict' ? answer(200, handshakeAnswer(name)) : emptyAnswer(status);
  }
  const { delivery, events } = accepted;
  const headers = keptHeaders(sender, delivery.headers);
  const work = { org: author.org, source: name, mode, headers, events, patience };
  const handled = await carryOut(work, destinations);
  tell(handled, note);
  note({ secret: delivery.secretIndex });
  const { status, body: told } = hookAnswer(name, sender, handled);
  return told ? answer(status, told) : emptyAnswer(status);
}

/** What the sender called: what a forwarded header says of it is never believed. */
function publicUrl(source: string, query: string): string {
  return `${config.PUBLIC_BASE_URL}/v1/hooks/${source}${query === '' ? '' : `?${query}`}`;
}

function patienceOf(sender: Sender<unknown> | undefined): number {
  return Math.min(longestAnswer, (sender?.deadline ?? Infinity) * 1000 - margin);
}

function keptHeaders({ reads }: Sender<unknown>, headers: HttpRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    reads.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}

/** For the log: what became of the event, or how many of a delivery's events became what. */
function tell(handled: readonly Handled[], note: Note): void {
  for (const { event, verdict, cause } of handled) {
    if (cause !== undefined) logger.warn('not at once', { event, verdict, error: cause });
  }
  if (handled.length === 1) {
    const { event, verdict, conversation, error } = handled[0]!;
    return note({ event, verdict, conversation, ...(error !== undefined && { reason: error }) });
  }
  const counts: Record<string, number> = {};
  for (const { verdict } of handled) counts[verdict] = (counts[verdict] ?? 0) + 1;
  note({ events: handled.length, verdicts: counts });
}
