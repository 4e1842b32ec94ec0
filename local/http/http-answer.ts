/** What goes back to the client. */
export interface HttpAnswer {
  readonly status: number;
  /** Name and value pairs; names may repeat (set-cookie). */
  readonly headers: ReadonlyArray<readonly [string, string]>;
  readonly body: Buffer;
}

/** Answers API Gateway gives itself, without the function having a say. */
export const GATEWAY_ANSWERS = {
  badRequest: refusal(400, 'Bad Request'),
  notFound: refusal(404, 'Not Found'),
  tooLarge: refusal(413, 'Request Entity Too Large'),
  headersTooLarge: refusal(431, 'Request Header Fields Too Large'),
  badGateway: refusal(502, 'Internal Server Error'),
  unavailable: refusal(503, 'Service Unavailable'),
  timedOut: refusal(504, 'Endpoint request timed out'),
} as const;

// The connection's own business, not the function's.
const NOT_PASSED_ON = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB for a synchronous response.
const LARGEST_PAYLOAD_BYTES = 6 * 1024 * 1024;

interface ProxyResult {
  statusCode: unknown;
  headers?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/**
 * What API Gateway makes of a function's result, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @param payload the result as JSON
 * @returns the answer; a bad gateway's when the result has not the form API Gateway needs
 */
export function httpAnswer(payload: string): HttpAnswer {
  if (Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES) return GATEWAY_ANSWERS.badGateway;
  const result: unknown = JSON.parse(payload);
  const isProxyResult = typeof result === 'object' && result !== null && 'statusCode' in result;
  if (isProxyResult) return fromProxyResult(result) ?? GATEWAY_ANSWERS.badGateway;
  // Without a status code the whole result is the body.
  const body = typeof result === 'string' ? result : payload;
  return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
}

function fromProxyResult(result: ProxyResult): HttpAnswer | undefined {
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const text = body ?? '';
  if (typeof text !== 'string' || typeof (headers ?? {}) !== 'object' || !Array.isArray(cookies ?? []))
    return undefined;
  const named = Object.entries((headers ?? {}) as object).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const passedOn = named.filter(([name]) => !NOT_PASSED_ON.has(name));
  if (text !== '' && !passedOn.some(([name]) => name === 'content-type')) {
    passedOn.push(['content-type', 'text/plain;charset=UTF-8']);
  }
  const setCookies = ((cookies ?? []) as unknown[]).map((cookie) => ['set-cookie', String(cookie)] as const);
  return {
    status,
    headers: [...passedOn, ...setCookies],
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function refusal(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
  };
}
