import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { runTemplate, type RunningTemplate } from './running-template.ts';
import { httpApi, lambdaFunction } from './written-assembly.ts';

const ECHO = `exports.handler = async (event) => ({
  statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) });`;

let api: RunningTemplate;

beforeAll(async () => {
  api = await runTemplate({
    resources: {
      ...httpApi({
        'GET /items/{id}': 'Echo',
        'GET /items/first': 'Echo',
        'POST /items': 'Echo',
        'ANY /files/{path+}': 'Echo',
      }),
      Echo: lambdaFunction('echo', { MemorySize: 256 }),
    },
    functions: { echo: ECHO },
  });
});

afterAll(() => api.close());

/** Sends bytes as they are, for what no HTTP client would send. @returns everything that came back */
async function sendRaw(request: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write(request);
  return text(socket);
}

async function eventOf(path: string, init?: RequestInit): Promise<APIGatewayProxyEventV2> {
  return (await (await fetch(api.url + path, init)).json()) as APIGatewayProxyEventV2;
}

async function eventOfRaw(head: string): Promise<APIGatewayProxyEventV2> {
  const answer = await sendRaw(`${head}\r\nconnection: close\r\n\r\n`);
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as APIGatewayProxyEventV2;
}

describe('the event', () => {
  test('has the shape of payload format 2.0', async () => {
    const event = await eventOf('/items/a1?x=1', { headers: { 'user-agent': 'a test' } });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /items/{id}',
      rawPath: '/items/a1',
      rawQueryString: 'x=1',
      queryStringParameters: { x: '1' },
      pathParameters: { id: 'a1' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        domainName: '127.0.0.1',
        http: {
          method: 'GET',
          path: '/items/a1',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'a test',
        },
        routeKey: 'GET /items/{id}',
        stage: '$default',
      },
    });
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  test('has no body, query or cookies where the request has none', async () => {
    const event = await eventOf('/items/a1');
    for (const absent of ['body', 'queryStringParameters', 'cookies', 'stageVariables']) {
      expect(event).not.toHaveProperty(absent);
    }
  });

  test('keeps every repeat of a header, Authorization too', async () => {
    const { headers } = await eventOfRaw(
      'GET /items/1 HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nX-Two: 1\r\nX-Two: 2',
    );
    expect(headers).toMatchObject({ authorization: 'Bearer a,Bearer b', 'x-two': '1,2' });
  });

  test('has cookies beside the headers, not in them', async () => {
    const event = await eventOf('/items/1', { headers: { cookie: 'a=1; b=2' } });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('joins repeats in the query and decodes them, beside the query as it was sent', async () => {
    const event = await eventOf('/items/1?a=1&b=x%20y+z&a=%C3%A9&broken=%zz&bare');
    expect(event.rawQueryString).toBe('a=1&b=x%20y+z&a=%C3%A9&broken=%zz&bare');
    expect(event.queryStringParameters).toEqual({ a: '1,é', b: 'x y z', broken: '%zz', bare: '' });
  });

  test('has a text body as text', async () => {
    const event = await eventOf('/items', { method: 'POST', body: '{"é":1}', headers: json });
    expect(event).toMatchObject({ body: '{"é":1}', isBase64Encoded: false });
  });

  test.each(['application/octet-stream', 'application/x-www-form-urlencoded', 'application/vnd.api+json'])(
    'has a body of type %s in base64',
    async (type) => {
      const event = await eventOf('/items', {
        method: 'POST',
        body: 'a=1',
        headers: { 'content-type': type },
      });
      expect(event).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
    },
  );

  test('has a text body that is not UTF-8 in base64, so that no byte changes', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const event = await eventOf('/items', { method: 'POST', body: bytes, headers: json });
    expect(event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });
});

const json = { 'content-type': 'application/json' };

describe('routes', () => {
  test('prefer a fixed segment to a variable', async () => {
    expect((await eventOf('/items/first')).routeKey).toBe('GET /items/first');
  });

  test('take a greedy variable to the end of the path, whatever the method', async () => {
    const event = await eventOf('/files/a/b%20c', { method: 'DELETE' });
    expect(event.pathParameters).toEqual({ path: 'a/b c' });
  });

  test.each(['/items/1/', '/items/1%2F2', '/items//', '/other', '/files/', '//items/1'])(
    'refuse %s with 404',
    async (path) => {
      const answer = await fetch(api.url + path);
      expect([answer.status, await answer.json()]).toEqual([404, { message: 'Not Found' }]);
    },
  );

  test('refuse a method they do not have with 404', async () => {
    expect((await fetch(`${api.url}/items/1`, { method: 'PUT' })).status).toBe(404);
  });

  test('end the path at an escaped question mark', async () => {
    expect((await eventOf('/items/1%3Fx=2')).rawPath).toBe('/items/1');
  });

  test.each(['/items/%zz', '/items/%', '/items/%FF', '*'])(
    'refuse the malformed path %s with 400',
    async (path) => {
      expect(await sendRaw(`GET ${path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1.1 400 .*\{"message":"Bad Request"\}$/s,
      );
    },
  );

  test('refuse what is not HTTP with 400', async () => {
    expect(await sendRaw('good morning\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('limits', () => {
  const post = (bytes: number): Promise<Response> =>
    fetch(`${api.url}/items`, {
      method: 'POST',
      body: Buffer.alloc(bytes, 97),
      headers: { 'content-type': 'text/plain' },
    });

  test('a body that fits one invocation is taken', async () => {
    // The echo is larger than the event; what matters is that it was invoked.
    expect((await post(5 * 1024 * 1024)).status).toBe(200);
  });

  test('an event above the 6 MB of an invocation is refused with 413', async () => {
    expect((await post(7 * 1024 * 1024)).status).toBe(413);
  });

  test('a body above 10 MB is refused with 413, and the connection lives on', async () => {
    const answer = await post(10 * 1024 * 1024 + 1);
    expect([answer.status, await answer.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    expect((await fetch(`${api.url}/items/1`)).status).toBe(200);
  });

  test('a body without end is refused at the same size, while it is still being sent', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    const answered = new Promise<string>((resolve) =>
      socket.once('data', (bytes) => resolve(bytes.toString())),
    );
    const megabyte = `100000\r\n${'a'.repeat(1024 * 1024)}\r\n`;
    const sendMore = (): void => void socket.write(megabyte, (error) => error ?? setImmediate(sendMore));
    socket.write('POST /items HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n');
    sendMore();
    expect(await answered).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  test.each([
    ['taken', 9_000, '200 OK'],
    ['refused', 10_300, '431 Request Header Fields Too Large'],
    ['refused', 300_000, '431 Request Header Fields Too Large'],
  ])('a request is %s with %i bytes of headers', async (_, bytes, status) => {
    const answer = await sendRaw(
      `GET /items/1 HTTP/1.1\r\nhost: here\r\nx-long: ${'a'.repeat(bytes)}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
  });
});

test('a client that leaves before its answer disturbs nobody', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write('POST /items HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\nhalf of i');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.destroy();
  expect((await fetch(`${api.url}/items/1`)).status).toBe(200);
});
