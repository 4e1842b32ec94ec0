import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTemplate, type RunningTemplate } from './running-template.ts';
import { httpApi, lambdaFunction } from './written-assembly.ts';

const ANSWER = `exports.handler = async (event) => JSON.parse(event.body);`;

let api: RunningTemplate;

beforeAll(async () => {
  api = await runTemplate({
    resources: {
      ...httpApi({ 'POST /answer': 'Answer' }),
      Answer: lambdaFunction('answer', { MemorySize: 256 }),
    },
    functions: { answer: ANSWER },
  });
});

afterAll(() => api.close());

describe('the answer', () => {
  const answer = (result: unknown): Promise<Response> =>
    fetch(`${api.url}/answer`, {
      method: 'POST',
      body: JSON.stringify(result),
      headers: { 'content-type': 'application/json' },
    });

  test('has the status, headers, cookies and body the function gives', async () => {
    const response = await answer({
      statusCode: 201,
      headers: { 'X-A': 'b' },
      cookies: ['a=1', 'b=2'],
      body: 'done',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-a')).toBe('b');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('done');
    expect(response.headers.get('apigw-requestid')).toMatch(/./);
  });

  test('has decoded bytes where the function gives base64', async () => {
    const response = await answer({ statusCode: 200, body: '//4=', isBase64Encoded: true });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0xff, 0xfe]));
  });

  test('is the result itself, as JSON, where it has no status code', async () => {
    const response = await answer({ hello: 1 });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual({ hello: 1 });
  });

  test('ignores what the function says about the connection', async () => {
    const response = await answer({ statusCode: 200, headers: { 'Content-Length': '2' }, body: 'longer' });
    expect(await response.text()).toBe('longer');
  });

  test.each([
    [{ statusCode: 'soon' }],
    [{ statusCode: 99 }],
    [{ statusCode: 200, body: { an: 'object' } }],
    [{ statusCode: 200, headers: { 'not a name': 'x' } }],
    [{ statusCode: 200, headers: { 'x-a': 'line\nbreak' } }],
  ])('is 502 for the malformed result %j', async (result) => {
    const response = await answer(result);
    expect([response.status, await response.json()]).toEqual([502, { message: 'Internal Server Error' }]);
  });
});
