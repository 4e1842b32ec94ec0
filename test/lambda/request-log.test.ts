import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { HttpAnswer, HttpRequest } from '../../functions/lambda/http-chain.ts';
import { badRequest, notFound, refused, Unreachable } from '../../functions/lambda/problem.ts';
import type { Note } from '../../functions/lambda/request-log.ts';
import { objectId } from '../conversations/asked.ts';
import { lambdaContext } from './invocation.ts';
import { writtenLines, type WrittenLine } from './written-lines.ts';

type Act = (request: HttpRequest, context: object, note: Note) => Promise<HttpAnswer>;

const trace = '1-67891233-abcdef012345678912345678';
const ids = {
  requestId: lambdaContext.awsRequestId,
  gatewayRequestId: 'gateway-1',
  route: 'POST /v1/hooks/{source}',
  function: 'function',
  xray_trace_id: trace,
};
/** What no line may have: an Authorization header, an address and a phone number, all of the request. */
const secrets = ['ci_key', 'jane@example.com', '+15550109999'];
const request = (source = 'github-issues') =>
  ({
    headers: { authorization: 'Bearer ci_key' },
    isBase64Encoded: false,
    routeKey: ids.route,
    requestContext: { requestId: ids.gatewayRequestId },
    pathParameters: { source },
    body: '{"email":"jane@example.com","phone":"+15550109999"}',
  }) as unknown as HttpRequest;

describe('the log of a request', () => {
  let chain: typeof import('../../functions/lambda/http-chain.ts');
  let metrics: (typeof import('../../functions/lambda/metrics.ts'))['metrics'];
  let written: () => WrittenLine[];
  beforeAll(async () => {
    delete process.env['POWERTOOLS_LOG_LEVEL'];
    process.env['_X_AMZN_TRACE_ID'] = `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1`;
    written = writtenLines();
    chain = await import('../../functions/lambda/http-chain.ts');
    ({ metrics } = await import('../../functions/lambda/metrics.ts'));
  });
  beforeEach(() => void written());
  afterAll(() => void jest.restoreAllMocks());

  /** The lines of one request: those of the log, and that of the metrics. */
  async function linesOf(act: Act, asked = request()) {
    await chain.httpHandler(act)(asked, lambdaContext);
    const lines = written();
    for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
    return { log: lines.filter((line) => !line['_aws']), metrics: lines.filter((line) => line['_aws']) };
  }

  it('is a line when it comes in, and one when its answer goes out, with all that is known by then', async () => {
    const { log } = await linesOf(async (_, __, note) => {
      note({ organisation: objectId(1) });
      note({ conversation: objectId(2), outcome: 'created' });
      return chain.answer(201, {});
    });
    expect(log).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'request in', ...ids, source: 'github-issues' }),
      expect.objectContaining({
        level: 'INFO',
        message: 'request out',
        ...ids,
        source: 'github-issues',
        organisation: objectId(1),
        conversation: objectId(2),
        outcome: 'created',
        status: 201,
        ms: expect.any(Number),
      }),
    ]);
    expect(log[0]).not.toHaveProperty('organisation');
  });

  it('knows nothing of the request before', async () => {
    await linesOf(async (_, __, note) => {
      note({ conversation: objectId(2) });
      return chain.answer(200, {});
    });
    const { log } = await linesOf(async () => chain.answer(200, {}));
    expect(log[1]).toMatchObject({ outcome: 'answered' });
    expect(log[1]).not.toHaveProperty('conversation');
  });

  it('names no source that is none: what stands in the path is anybody’s text', async () => {
    const { log } = await linesOf(
      async () => Promise.reject(notFound('source')),
      request('jane@example.com'),
    );
    expect(log).toMatchObject([{ source: '…' }, { source: '…', status: 404, code: 'notfound' }]);
  });

  it('tells why a request is refused, and the places at fault by name, but nothing that was sent', async () => {
    const faults = ['/customer', '/custom/jane@example.com', '/custom/+15550109999', '/items/12/name'];
    const titled = faults.map((pointer) => ({ title: `${pointer} is not right`, pointer }));
    const { log } = await linesOf(() => Promise.reject(badRequest(titled)));
    expect(log[1]).toMatchObject({
      status: 400,
      outcome: 'rejected',
      code: 'bad_request',
      at: ['/customer', '/custom/…', '/custom/…', '/items/12/name'],
    });
    const { log: secondLog } = await linesOf(() => Promise.reject(refused('wrong signature')));
    expect(secondLog[1]).toMatchObject({ status: 401, code: 'unauthorized', reason: 'wrong signature' });
  });

  it('has a line with the cause of a failure, without addresses and numbers', async () => {
    const error = new Error('jane@example.com (+15550109999) is not there');
    const { log } = await linesOf(() => Promise.reject(error));
    expect(log).toMatchObject([
      { message: 'request in' },
      { level: 'ERROR', message: 'failed', error: { message: '(address) ((number)) is not there' } },
      { message: 'request out', status: 500, outcome: 'failed' },
    ]);
  });

  it.each<[string, Act, object]>([
    ['an answer', async () => chain.answer(200, {}), {}],
    ['a refusal', () => Promise.reject(notFound('conversation')), { Refused: 1 }],
    ['a failure', () => Promise.reject(new Error('broken')), { Failed: 1 }],
    [
      'what its handler tells',
      async (_, __, note) => {
        note({ outcome: 'created' });
        return chain.answer(201, {});
      },
      { Accepted: 1, Created: 1 },
    ],
    [
      'each conversation of a bulk job',
      async (_, __, note) => {
        note({ outcome: 'queued', items: 250 });
        return chain.answer(201, {});
      },
      { Accepted: 250 },
    ],
    [
      'what its handler has counted, and not its status besides',
      async () => {
        metrics.from('github-issues');
        metrics.count('rejected');
        throw badRequest({ title: 'no' });
      },
      { Refused: 1, Source: 'github-issues' },
    ],
  ])('ends with one line of metrics, of its time and of %s', async (_, act, counted) => {
    const { metrics: lines } = await linesOf(act);
    expect(lines).toEqual([
      {
        _aws: expect.anything(),
        Stage: 'test',
        Function: 'function',
        requestId: ids.requestId,
        Latency: expect.any(Number),
        ...counted,
      },
    ]);
  });

  it('counts a key of ours that is refused, however deep that lies', async () => {
    class Refused extends Unreachable {
      override get isKeyRefused() {
        return true;
      }
    }
    const cause = new Refused('no key');
    const { metrics: lines } = await linesOf(() => Promise.reject(new Unreachable('put off', { cause })));
    expect(lines).toMatchObject([{ VendorKeyRefused: 1, Failed: 1 }]);
  });
});
