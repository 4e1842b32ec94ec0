import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { startSecretsServer } from '../../../local/secrets/secrets-server.ts';
import { SecretsFile } from '../../../local/secrets/secrets-file.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { senderAddresses } from '../../../functions/hooks/sender-addresses.ts';
import { sources } from '../../../functions/hooks/sources.ts';
import type { HttpAnswer, HttpRequest } from '../../../functions/lambda/http-chain.ts';
import { github } from '../../../functions/hooks/senders/github.ts';
import { lambdaContext } from '../../lambda/invocation.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { startSlowProxy, type SlowProxy } from '../../servers/slow-proxy.ts';
import { startSqs, type SqsServer } from '../../servers/sqs-server.ts';
import { githubExample } from '../github-delivery.ts';
import { secret, signed } from './a-delivery.ts';

// Some of these wait until the function gives up.
jest.setTimeout(30_000);

interface Opened {
  issue: { id: number };
}

describe('receive-hook', () => {
  const folder = mkdtempSync(join(tmpdir(), 'receive-hook-'));
  const written: string[] = [];
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  let dynamoProxy: SlowProxy;
  let sqsProxy: SlowProxy;
  let secrets: Awaited<ReturnType<typeof startSecretsServer>>;
  let tables: { conversations: string; deliveries: string };
  let queue: string;
  let handler: (request: HttpRequest) => Promise<HttpAnswer>;

  beforeAll(async () => {
    [dynamo, sqs] = await Promise.all([startDynamo(), startSqs()]);
    const file = new SecretsFile(join(folder, 'secrets.json'));
    await file.put('issues', secret);
    await file.put('releases', secret);
    secrets = await startSecretsServer(file);
    secrets.serve(new Set(['issues', 'releases']));
    [dynamoProxy, sqsProxy] = await Promise.all([
      startSlowProxy(dynamo.endpoint),
      startSlowProxy(sqs.endpoint),
    ]);
    tables = { conversations: await dynamo.conversationsTable(), deliveries: await dynamo.deliveriesTable() };
    queue = sqs.queue();
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamoProxy.endpoint,
      AWS_ENDPOINT_URL_SQS: sqsProxy.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      CONVERSATIONS_TABLE: tables.conversations,
      DELIVERIES_TABLE: tables.deliveries,
      DELIVERY_BODIES_BUCKET: 'bodies',
      DRAFTS_QUEUE_URL: queue.replace(sqs.endpoint, sqsProxy.endpoint),
      HOOK_SECRETS: JSON.stringify({ 'github-issues': 'issues', 'github-releases': 'releases' }),
      ORGANISATION_ID: '57f29863a1dbf61100e6aa92',
      ORGANISATION_USER_ID: '58190b991f2932100010d683',
      PUBLIC_BASE_URL: 'https://intake.example.com',
    });
    // Where the log goes, a line an entry.
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => Boolean(written.push(String(text))));
    }
    const module = await import('../../../functions/handlers/receive-hook.ts');
    handler = (request) => module.handler(request, lambdaContext) as Promise<HttpAnswer>;
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await Promise.all([dynamoProxy.close(), sqsProxy.close(), secrets.stop()]);
    await Promise.all([dynamo.close(), sqs.close()]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    dynamoProxy.behave({ delay: 0 });
    sqsProxy.behave({ delay: 0 });
    written.length = 0;
  });

  /** A signed event of GitHub, as API Gateway hands it to the function. */
  function requestOf(source: string, id: number, more: Partial<HttpRequest> = {}): HttpRequest {
    const isIssue = source === 'github-issues';
    const payload = isIssue
      ? githubExample<Opened>('issues', 'opened')
      : githubExample<{ release: { id: number } }>('release', 'published');
    if ('issue' in payload) payload.issue.id = id;
    else payload.release.id = id;
    const event = isIssue ? 'issues' : 'release';
    const { headers, body } = signed(github, payload, {
      'x-github-event': event,
      'x-github-delivery': `delivery-${id}`,
    });
    return {
      version: '2.0',
      routeKey: 'POST /v1/hooks/{source}',
      rawPath: '',
      rawQueryString: '',
      headers: headers as Record<string, string>,
      requestContext: { requestId: `request-${id}` } as HttpRequest['requestContext'],
      pathParameters: { source },
      isBase64Encoded: false,
      body: body.toString(),
      ...more,
    };
  }
  const itemsOf = async (table: string) =>
    (await dynamo.client.send(new ScanCommand({ TableName: table }))).Items ?? [];
  const answered = () =>
    written
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ message }) => message === 'request out');

  it('costs a created conversation one write besides its own, and a refused signature none', async () => {
    const before = await itemsOf(tables.deliveries);
    expect(await handler(requestOf('github-issues', 1))).toMatchObject({ statusCode: 201 });
    const refused = requestOf('github-issues', 2);
    refused.headers['x-hub-signature-256'] = `sha256=${'0'.repeat(64)}`;
    expect(await handler(refused)).toMatchObject({ statusCode: 401 });
    expect(await itemsOf(tables.deliveries)).toHaveLength(before.length + 1);
  });

  it('tells the log the event, its outcome, the conversation and which secret matched', async () => {
    const { body } = await handler(requestOf('github-issues', 3));
    const { data } = JSON.parse(body!) as { data: { attributes: { conversation: string } } };
    const { conversation } = data.attributes;
    expect(answered()).toMatchObject({
      source: 'github-issues',
      delivery: 'delivery-3',
      outcome: 'created',
      conversation,
      secret: 0,
      status: 201,
    });
  });

  it.each([
    ['wrong signature', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['malformed signature', { 'x-hub-signature-256': 'sha256=0' }],
    ['no signature', { 'x-hub-signature-256': undefined }],
  ])('tells the log why it refuses, and the sender nothing: %s', async (reason, headers) => {
    const request = requestOf('github-issues', 4);
    const given = { ...request.headers, ...headers } as Record<string, string>;
    if (headers['x-hub-signature-256'] === undefined) delete given['x-hub-signature-256'];
    const { statusCode, body } = await handler({ ...request, headers: given });
    expect(statusCode).toBe(401);
    expect(body).not.toContain(reason);
    expect(answered()).toMatchObject({ source: 'github-issues', status: 401, reason });
  });

  it('looks at the address that API Gateway saw, whatever a header says', async () => {
    const restricted = sources['github-releases']!;
    restricted.takesFrom = senderAddresses(['192.0.2.0/24']);
    const from = (sourceIp: string, forwarded: string) => {
      const request = requestOf('github-releases', 60);
      request.headers['x-forwarded-for'] = forwarded;
      request.requestContext.http = { ...request.requestContext.http, sourceIp };
      return handler(request);
    };
    try {
      expect(await from('198.51.100.1', '192.0.2.1')).toMatchObject({ statusCode: 403 });
      expect(answered()).toMatchObject({ status: 403, reason: 'another address' });
      expect(await from('192.0.2.1', '198.51.100.1')).toMatchObject({ statusCode: 202 });
    } finally {
      delete restricted.takesFrom;
    }
  });

  it('has no source that is off at the stage: the answer is that to a name that none has', async () => {
    const answers = [];
    for (const source of ['typeform-responses', 'nobodys']) {
      answers.push(await handler({ ...requestOf('github-issues', 7), pathParameters: { source } }));
    }
    expect(answers[0]).toMatchObject({ statusCode: 404 });
    expect(answers[0]).toEqual(answers[1]);
  });

  it('takes the bytes of an event in base64, as API Gateway sends what is no text', async () => {
    const request = requestOf('github-issues', 5);
    const body = Buffer.from(request.body!).toString('base64');
    expect(await handler({ ...request, body, isBase64Encoded: true })).toMatchObject({ statusCode: 201 });
  });

  it('never writes a secret, a signature or a body to the log', async () => {
    const request = requestOf('github-issues', 6);
    await handler(request);
    await handler({ ...request, body: 'something else' });
    const log = written.join('\n');
    expect(log).not.toContain(secret);
    expect(log).not.toContain(request.headers['x-hub-signature-256']);
    expect(log).not.toContain('Spelling error');
  });

  it.each(['down', 'stalled'] as const)(
    'answers 503 while its services are %s, and loses nothing when the event comes again',
    async (how) => {
      dynamoProxy.behave(how);
      sqsProxy.behave(how);
      const [direct, queued] = how === 'down' ? [10, 20] : [11, 21];
      const events = [requestOf('github-issues', direct), requestOf('github-releases', queued)];
      for (const answer of await Promise.all(events.map(handler))) {
        expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
        expect(JSON.parse(answer.body!)).toMatchObject({ errors: [{ status: 503, code: 'unavailable' }] });
      }
      dynamoProxy.behave({ delay: 0 });
      sqsProxy.behave({ delay: 0 });
      const answers = await Promise.all(events.map(handler));
      expect([200, 201]).toContain(answers[0]?.statusCode);
      expect(answers[1]).toMatchObject({ statusCode: 202 });
      const origin = `"origin":"hook#github-issues#delivery-${direct}"`;
      const made = (await itemsOf(tables.conversations)).filter(({ body }) => body?.S?.includes(origin));
      expect(made).toHaveLength(1);
      const bodies = (await sqs.receive(queue)).map(({ body }) => body);
      expect(bodies.filter((body) => body.includes(`delivery-${queued}`))).not.toEqual([]);
    },
  );

  it.each([
    ['DynamoDB', () => dynamoProxy],
    ['SQS', () => sqsProxy],
  ])('acknowledges no queued event while %s alone is down', async (name, proxy) => {
    proxy().behave('down');
    const id = name === 'SQS' ? 40 : 41;
    expect(await handler(requestOf('github-releases', id))).toMatchObject({ statusCode: 503 });
  });

  it('answers in time at the slowest destination that is allowed: each call takes a second', async () => {
    dynamoProxy.behave({ delay: 1000 });
    sqsProxy.behave({ delay: 1000 });
    const began = performance.now();
    const events = [requestOf('github-issues', 30), requestOf('github-releases', 31)];
    const answers = await Promise.all(events.map(handler));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 202]);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
