import { hash } from 'node:crypto';
import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { logger } from './logger.ts';
import { internalError, Problem, problemBody, unavailable, Unreachable } from './problem.ts';
import { requestLog, type Note } from './request-log.ts';

/** An HTTP request as API Gateway delivers it to a function (HTTP API, payload format 2.0). */
export type HttpRequest = APIGatewayProxyEventV2;
/** The answer that API Gateway turns into HTTP. */
export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** What every answer carries (contract, section 4.3). */
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-cache, private',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'timing-allow-origin': '*',
  vary: 'Accept-Encoding',
};

/** A JSON answer. */
export function answer(statusCode: number, body: object, more: Record<string, string> = {}): HttpAnswer {
  const text = JSON.stringify(body);
  const etag = `W/"${hash('sha1', text, 'base64')}"`;
  return { statusCode, headers: { ...headers, etag, ...more }, body: text };
}

/** An answer without a body, for those who want none. Discord wants it to have a content type all the same. */
export function emptyAnswer(statusCode: number): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': headers['cache-control'] },
  };
}

/**
 * Makes a Lambda handler of `act`. Whatever it throws becomes the contract's error answer; one log line tells that a request came,
 * and one how it went. middy runs `after` and `onError` inside out: the log comes first in the chain to see the last answer. `act` tells
 * with `note` what it knows of the request. `otherwise` makes the answer to what is no Problem, but a fault of ours or of AWS.
 */
export function httpHandler(
  act: (request: HttpRequest, context: Context, note: Note) => Promise<HttpAnswer>,
  otherwise: () => Problem = internalError,
) {
  const { log, note } = requestLog();
  return middy<HttpRequest, HttpAnswer>()
    .use(log)
    .use(problemAnswers(otherwise))
    .handler((request, context) => act(request, context, note));
}

type HttpMiddleware = MiddlewareObj<HttpRequest, HttpAnswer>;

/** The one place where errors become answers. Not the caller's fault: the log has the cause, the caller the id to ask with. */
function problemAnswers(otherwise: () => Problem): HttpMiddleware {
  return {
    onError: (request) => {
      const { error, context } = request;
      if (!(error instanceof Problem)) logger.error('failed', { requestId: context.awsRequestId, error });
      const problem =
        error instanceof Problem ? error : error instanceof Unreachable ? unavailable() : otherwise();
      request.response = answer(problem.status, problemBody(problem, context.awsRequestId), problem.headers);
    },
  };
}
