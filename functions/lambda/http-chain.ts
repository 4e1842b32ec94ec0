import { hash } from 'node:crypto';
import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { logger } from './logger.ts';
import { Problem, problemBody } from './problem.ts';

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

/**
 * Makes a Lambda handler of `act`. Whatever it throws becomes the contract's error answer; one log line tells how each
 * request went. middy runs `after` and `onError` inside out: the log comes first in the chain to see the last answer.
 */
export function httpHandler(act: (request: HttpRequest, context: Context) => Promise<HttpAnswer>) {
  return middy<HttpRequest, HttpAnswer>().use(requestLog()).use(problemAnswers()).handler(act);
}

type HttpMiddleware = MiddlewareObj<HttpRequest, HttpAnswer>;

function requestLog(): HttpMiddleware {
  let began = 0;
  const finish: HttpMiddleware['after'] = ({ event, context, response, error }) => {
    logger.info('answered', {
      requestId: context.awsRequestId,
      gatewayRequestId: event.requestContext?.requestId,
      route: event.routeKey,
      status: response?.statusCode,
      ...(error instanceof Problem && error.reason !== undefined && { reason: error.reason }),
      ms: Math.round(performance.now() - began),
    });
  };
  return {
    before: () => {
      began = performance.now();
    },
    after: finish,
    onError: finish,
  };
}

/** The one place where errors become answers. */
function problemAnswers(): HttpMiddleware {
  return {
    onError: (request) => {
      const { error, context } = request;
      const problem = error instanceof Problem ? error : unexpected(error, context.awsRequestId);
      request.response = answer(problem.status, problemBody(problem, context.awsRequestId), problem.headers);
    },
  };
}

/** Our own fault: the log has the cause, the caller the request id to ask with. */
function unexpected(error: unknown, requestId: string): Problem {
  logger.error('failed', { requestId, error });
  return new Problem(500, 'internal_error', [
    {
      title: 'Something went wrong on our side',
      detail: 'Nothing is lost by sending the request again; meta.requestId finds the cause in the logs.',
    },
  ]);
}
