import { beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer, HttpRequest } from '../../functions/lambda/http-chain.ts';
import { conflict, unauthorized, Unreachable } from '../../functions/lambda/problem.ts';
import { objectId } from '../conversations/asked.ts';
import { lambdaContext } from './invocation.ts';

type Chain = typeof import('../../functions/lambda/http-chain.ts');

const request = { headers: {}, isBase64Encoded: false, routeKey: 'GET /' } as HttpRequest;

describe('the HTTP chain', () => {
  let chain: Chain;
  beforeAll(async () => {
    process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
    chain = await import('../../functions/lambda/http-chain.ts');
  });
  const run = (act: () => Promise<HttpAnswer>) => chain.httpHandler(act)(request, lambdaContext);
  const bodyOf = ({ body }: HttpAnswer) => JSON.parse(body ?? '') as { errors: object[] };
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache, private',
    'strict-transport-security': expect.stringContaining('max-age=31536000'),
    'x-content-type-options': 'nosniff',
    'timing-allow-origin': '*',
    vary: 'Accept-Encoding',
    etag: expect.stringMatching(/^W\/"[\w+/]{27}="$/),
  };

  it('passes an answer on, with the headers that every answer has', async () => {
    const answer = await run(async () => chain.answer(201, { data: 1 }, { 'x-more': 'y' }));
    expect(answer).toEqual({ statusCode: 201, headers: { ...headers, 'x-more': 'y' }, body: '{"data":1}' });
  });

  it('turns a problem into its answer, with the same headers and its own', async () => {
    const answer = await run(() => Promise.reject(unauthorized()));
    expect(answer).toMatchObject({ statusCode: 401, headers: { ...headers, 'www-authenticate': 'Bearer' } });
    const { statusCode, ...taken } = await run(() => Promise.reject(conflict(objectId(1), 'id')));
    expect(statusCode).toBe(409);
    expect(bodyOf(taken).errors).toMatchObject([
      { status: 409, code: 'conflict', meta: { id: objectId(1) } },
    ]);
  });

  it.each([
    ['an error', new Error('table secret-table is on fire')],
    ['a type error', new TypeError('table secret-table is on fire')],
    ['a text', 'table secret-table is on fire'],
    ['nothing', undefined],
    [
      'an error with a status of its own',
      Object.assign(new Error('secret-table'), { statusCode: 418, status: 418 }),
    ],
  ])('turns anything else that is thrown into a bland 500: %s', async (_, thrown) => {
    const answer = await run(() => Promise.reject(thrown));
    expect(answer).toMatchObject({ statusCode: 500, headers });
    expect(answer.body).not.toContain('secret-table');
    expect(bodyOf(answer).errors).toMatchObject([
      { status: 500, code: 'internal_error', meta: { requestId: lambdaContext.awsRequestId } },
    ]);
  });

  it('turns what is out of reach into a bland 503 that asks for a repetition', async () => {
    const answer = await run(() => Promise.reject(new Unreachable('secret-table is away')));
    expect(answer).toMatchObject({ statusCode: 503, headers: { ...headers, 'retry-after': '5' } });
    expect(answer.body).not.toContain('secret-table');
    expect(bodyOf(answer).errors).toMatchObject([{ status: 503, code: 'unavailable' }]);
  });

  it('answers the next request after a failure', async () => {
    await run(() => Promise.reject(new Error('once')));
    expect(await run(async () => chain.answer(200, {}))).toMatchObject({ statusCode: 200 });
  });
});
