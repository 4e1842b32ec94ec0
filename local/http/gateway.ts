import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { StartFailure } from '../start-failure.ts';
import { GATEWAY_ANSWERS, httpAnswer, type HttpAnswer } from './http-answer.ts';
import { httpEvent } from './http-event.ts';
import { readBody } from './read-body.ts';
import { parseTarget } from './request-target.ts';
import { routeTable, type Route } from './route-table.ts';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;
const LARGEST_HEAD_BYTES = 10_240;
// What Lambda takes in one invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;
// Node's parser must let through what is counted here.
const PARSER_HEAD_BYTES = 256 * 1024;

/** The local HTTP API. */
export interface Gateway {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** From now on these routes answer; until then every request waits. */
  serve(routes: readonly Route[]): void;
  /** Takes no more connections, and gives requests under way this long to be answered. */
  stop(patienceMs: number): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and behaves as API Gateway's HTTP API does.
 *
 * @param port 0 for any free one
 * @param print called with one line for each request
 * @throws StartFailure when the port is taken
 */
export async function startGateway(port: number, print: (line: string) => void): Promise<Gateway> {
  let match: ReturnType<typeof routeTable> = () => undefined;
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = createServer({ maxHeaderSize: PARSER_HEAD_BYTES }, (request, response) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    response.on('error', () => {});
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 'client left';
      print(`${request.method} ${request.url} ${status} ${Math.round(performance.now() - startedAt)} ms`);
    });
    opened
      .then(() => answer(request, requestId, match))
      .catch((error: unknown) => {
        print(`the local gateway failed: ${error instanceof Error ? error.stack : String(error)}`);
        return GATEWAY_ANSWERS.badGateway;
      })
      .then((answered) => answered && send(response, answered, requestId));
  });
  server.keepAliveTimeout = 75_000;
  server.on('clientError', refuseUnparsed);
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(routes) {
      match = routeTable(routes);
      open();
    },
    async stop(patienceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.race([closed, delay(patienceMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be listened on (${error.message})`;
      reject(
        new StartFailure(
          `Port ${port} ${reason}. Choose another with PORT=, for example PORT=3001 npm start.`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** @returns undefined when the client left and nobody waits for an answer */
async function answer(
  message: IncomingMessage,
  requestId: string,
  match: ReturnType<typeof routeTable>,
): Promise<HttpAnswer | undefined> {
  const receivedAt = new Date();
  if (headBytes(message) > LARGEST_HEAD_BYTES) return GATEWAY_ANSWERS.headersTooLarge;
  const target = parseTarget(message.url ?? '');
  if (!target) return GATEWAY_ANSWERS.badRequest;
  const read = await readBody(message, LARGEST_BODY_BYTES);
  if (read.kind === 'gone') return undefined;
  if (read.kind === 'too-large') return GATEWAY_ANSWERS.tooLarge;
  const matched = match(message.method ?? '', target.path);
  if (!matched) return GATEWAY_ANSWERS.notFound;
  const event = httpEvent({ message, target, match: matched, body: read.bytes, requestId, receivedAt });
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > LARGEST_EVENT_BYTES) return GATEWAY_ANSWERS.tooLarge;
  return invoke(matched.route, payload, event.headers['x-amzn-trace-id'] ?? '');
}

async function invoke({ pool, timeoutMs }: Route, payload: string, traceId: string): Promise<HttpAnswer> {
  const waiting = new AbortController();
  const outcome = await Promise.race([
    pool.invoke(payload, traceId),
    delay(timeoutMs, { kind: 'timed-out' } as const, { signal: waiting.signal }),
  ]);
  waiting.abort();
  if (outcome.kind === 'timed-out') return GATEWAY_ANSWERS.timedOut;
  return outcome.kind === 'failed' ? GATEWAY_ANSWERS.badGateway : httpAnswer(outcome.payload);
}

/** The quota counts the request line and the values of the headers, not their names. */
function headBytes({ method, url, rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  return values.reduce(
    (sum, value) => sum + Buffer.byteLength(value, 'latin1'),
    Buffer.byteLength(`${method} ${url} HTTP/1.1`),
  );
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, requestId: string): void {
  try {
    const withId = [...headers, ['apigw-requestid', requestId], ['content-length', String(body.length)]];
    response.writeHead(status, withId.flat() as string[]).end(body);
  } catch {
    // A header that HTTP has no form for: the function's answer is malformed.
    if (response.headersSent) return void response.destroy();
    send(response, GATEWAY_ANSWERS.badGateway, requestId);
  }
}

/** Answers what is not HTTP, or has more head than Node's parser takes. */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const { status, body } = tooLarge ? GATEWAY_ANSWERS.headersTooLarge : GATEWAY_ANSWERS.badRequest;
  const reason = tooLarge ? 'Request Header Fields Too Large' : 'Bad Request';
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString()}`,
  );
}
