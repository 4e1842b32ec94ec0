import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { dynamoClient } from '../../functions/lambda/aws-clients.ts';
import { sqsClient } from '../../functions/lambda/sqs-client.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: { TableName: string; Key?: object; Item?: object };
}

let server: Server | undefined;
let client: DynamoDBClient | undefined;
afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** The client that a function has, of a DynamoDB that answers each request with a status and a body. */
async function clientOf(answer: (request: Received) => readonly [number, object]): Promise<DynamoDBClient> {
  server = createServer(async (message, response) => {
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString()) as Received['body'];
    const [status, answered] = answer({ headers: message.headers, body });
    response.writeHead(status).end(JSON.stringify(answered));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server!.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`;
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  client = dynamoClient();
  return client;
}

const keyOf = (name: string) => ({ pk: { S: name } });
const get = (name: string) => new GetItemCommand({ TableName: 't', Key: keyOf(name) });
const put = (name: string) => new PutItemCommand({ TableName: 't', Item: keyOf(name) });

describe("a function's client of DynamoDB", () => {
  it('keeps calls apart, made at once or one after the other', async () => {
    const received: Received[] = [];
    const dynamo = await clientOf((request) => {
      received.push(request);
      return [200, { Item: request.body.Key }];
    });
    const names = Array.from({ length: 20 }, (_, index) => `item ${index}`);
    const found = (name: string) => dynamo.send(get(name)).then(({ Item }) => Item?.['pk']?.S);

    const atOnce = await Promise.all(names.flatMap((name) => [found(name), dynamo.send(put(name))]));
    expect(atOnce.filter((name) => typeof name === 'string')).toEqual(names);
    for (const name of names) expect(await found(name)).toBe(name);

    const written = received.flatMap(({ body }) => (body.Item ? [JSON.stringify(body.Item)] : []));
    expect(written.toSorted()).toEqual(names.map((name) => JSON.stringify(keyOf(name))).toSorted());
    expect(new Set(received.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(60);
  });

  it('signs with the credentials that Lambda gave it, for its region', async () => {
    const received: Received[] = [];
    const dynamo = await clientOf((request) => {
      received.push(request);
      return [200, {}];
    });
    await dynamo.send(put('one'));
    await dynamo.send(put('two'));
    const credential = /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, /;
    const [one, two] = received.map(({ headers }) => headers.authorization);
    expect(one).toMatch(credential);
    expect(two).toMatch(credential);
    expect(two).not.toBe(one);
  });

  it('repeats what failed on the way, and tells a refusal at once, call by call', async () => {
    const statuses = [500, 200, 400, 200];
    const dynamo = await clientOf(() => {
      const status = statuses.shift()!;
      return [status, status === 400 ? { __type: 'com.amazonaws#ConditionalCheckFailedException' } : {}];
    });
    expect((await dynamo.send(put('one'))).$metadata.attempts).toBe(2);
    await expect(dynamo.send(put('two'))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect((await dynamo.send(put('three'))).$metadata.attempts).toBe(1);
  });

  it('has its settings in the form that V8 copies fast', async () => {
    const dynamo = await clientOf(() => [200, {}]);
    expect(isFast(dynamo.config)).toBe(true);
    await dynamo.send(put('one'));
    expect(isFast(dynamo.config)).toBe(true);
  });
});

/** What V8 itself says: true of what is kept as instances of classes are, false of what is kept as a dictionary. */
function isFast(object: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  try {
    return (runInThisContext('(object) => %HasFastProperties(object)') as (it: object) => boolean)(object);
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

describe("a function's client of SQS", () => {
  const trace = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1';
  afterEach(() => {
    delete process.env['AWS_LAMBDA_FUNCTION_NAME'];
    delete process.env['_X_AMZN_TRACE_ID'];
  });

  // SQS gives it to whoever receives the message: https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
  it('sends the trace of the invocation at hand along, which Lambda names anew for each', async () => {
    const sent: (string | string[] | undefined)[] = [];
    const dynamo = await clientOf(({ headers }) => {
      sent.push(headers['x-amzn-trace-id']);
      return [200, { MD5OfMessageBody: hash('md5', 'draft') }];
    });
    const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    process.env['AWS_ENDPOINT_URL_SQS'] = endpoint;
    process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'function';
    const sqs = sqsClient();
    const send = () =>
      sqs.send(new SendMessageCommand({ QueueUrl: `${endpoint}/1/drafts`, MessageBody: 'draft' }));
    const traces = [trace, trace.replace('Root=1-6', 'Root=1-7')];
    for (const each of traces) {
      process.env['_X_AMZN_TRACE_ID'] = each;
      await send();
    }
    await dynamo.send(get('item'));
    sqs.destroy();
    expect(sent).toEqual([...traces, undefined]);
  });
});
