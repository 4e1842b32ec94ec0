import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT } from '../template/references.ts';
import { queryStringParameters, type RequestTarget } from './request-target.ts';
import type { Match } from './route-table.ts';

// The content types API Gateway passes on as text; everything else reaches the function in base64.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
const TEXT = /^(text\/.+|application\/(json|xml|javascript))$/i;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What the event is made of. */
export interface ReceivedRequest {
  readonly message: IncomingMessage;
  readonly target: RequestTarget;
  readonly match: Match;
  readonly body: Buffer;
  readonly requestId: string;
  readonly receivedAt: Date;
}

/**
 * The event API Gateway's HTTP API sends to a function, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(request: ReceivedRequest): APIGatewayProxyEventV2 {
  const { message, target, match, requestId, receivedAt } = request;
  const sourceIp = message.socket.remoteAddress ?? '127.0.0.1';
  const { headers, cookies } = joinHeaders(message.rawHeaders);
  const userAgent = headers['user-agent'] ?? '';
  const query = queryStringParameters(target.rawQueryString);
  const domainName = (headers['host'] ?? '127.0.0.1').replace(/:\d+$/, '');
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: target.path,
    rawQueryString: target.rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers: {
      ...headers,
      'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? newTraceId(receivedAt),
      'x-forwarded-for': headers['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${sourceIp}` : sourceIp,
      'x-forwarded-port': String(message.socket.localPort),
      'x-forwarded-proto': 'http',
    },
    ...(query && { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: message.method ?? '',
        path: target.path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp,
        userAgent,
      },
      requestId,
      routeKey: match.route.routeKey,
      stage: '$default',
      time: commonLogTime(receivedAt),
      timeEpoch: receivedAt.getTime(),
    },
    ...bodyOf(request.body, headers['content-type']),
  };
}

/** @returns a new trace's id, in the form of the X-Amzn-Trace-Id header */
export function newTraceId(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** Repeats are joined with commas, none is dropped: Node's own `headers` would drop a second Authorization. */
function joinHeaders(rawHeaders: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  const joined = new Map<string, string>();
  const cookies: string[] = [];
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = (rawHeaders[place] ?? '').toLowerCase();
    const value = rawHeaders[place + 1] ?? '';
    const before = joined.get(name);
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { headers: Object.fromEntries(joined), cookies: cookies.filter((cookie) => cookie !== '') };
}

function bodyOf(bytes: Buffer, contentType: string | undefined): { body?: string; isBase64Encoded: boolean } {
  if (bytes.length === 0) return { isBase64Encoded: false };
  const type = (contentType ?? '').split(';')[0]?.trim() ?? '';
  // Bytes that are no UTF-8 would be changed by becoming text; a signature over them could not be verified any more.
  const asText = TEXT.test(type) && isUtf8(bytes);
  return { body: bytes.toString(asText ? 'utf8' : 'base64'), isBase64Encoded: !asText };
}

function commonLogTime(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}
