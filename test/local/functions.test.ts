import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, runTemplate, type RunningTemplate } from './running-template.ts';
import { httpApi, lambdaFunction, newFolder } from './written-assembly.ts';

// What the handler does is in the query: one function can fail in every way.
const UNRULY = `
let invocations = 0;
const ways = {
  throw: () => { throw new Error('thrown on purpose'); },
  reject: () => Promise.reject('rejected on purpose'),
  exit: () => process.exit(3),
  stray: () => { Promise.reject(new Error('stray rejection')); return new Promise(() => {}); },
  memory: () => { const all = []; for (;;) all.push(new Array(100000).fill(all.length)); },
  hang: () => new Promise(() => {}),
  spin: () => { for (;;); },
  circular: () => { const it = {}; it.it = it; return it; },
  bigint: () => 1n,
  large: () => ({ statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) }),
  nothing: () => {},
};
exports.handler = async (event, context) => {
  invocations += 1;
  const way = event.queryStringParameters?.way;
  if (way) return ways[way]();
  return { invocations, environment: process.env, context: { ...context, left: context.getRemainingTimeInMillis() } };
};`;

const TYPESCRIPT = `interface Given { readonly name?: string }


export async function handler(given: Given): Promise<string> {
  return (given.name as string).toUpperCase();
}`;

let running: RunningTemplate;

beforeAll(async () => {
  process.env['OF_THE_PARENT'] = 'must not leak';
  running = await runTemplate({
    resources: {
      ...httpApi({
        'GET /unruly': 'Unruly0A1B2C3D',
        'GET /mapped': 'Mapped',
        'GET /broken': 'Broken',
        'GET /slow': 'Slow',
      }),
      Unruly0A1B2C3D: lambdaFunction('unruly', {
        Timeout: 3,
        MemorySize: 128,
        ReservedConcurrentExecutions: 1,
        Environment: { Variables: { TABLE: { Ref: 'Things' }, NODE_OPTIONS: '--enable-source-maps' } },
      }),
      Mapped: lambdaFunction('mapped', {
        Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
      }),
      Broken: lambdaFunction('broken'),
      Slow: lambdaFunction('slow', { ReservedConcurrentExecutions: 2 }),
      Things: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        },
      },
    },
    functions: {
      unruly: UNRULY,
      mapped: bundle(TYPESCRIPT),
      broken: `require('./does-not-exist');`,
      slow: `let running = 0; exports.handler = async () => {
        running += 1; await new Promise((resolve) => setTimeout(resolve, 50)); running -= 1; return { running }; };`,
    },
  });
});

afterAll(() => running.close());

function bundle(source: string): Record<string, string> {
  const folder = newFolder();
  const { outputFiles } = buildSync({
    stdin: { contents: source, loader: 'ts', sourcefile: 'handlers/mapped.ts', resolveDir: folder },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    sourcemap: true,
    write: false,
    outfile: join(folder, 'index.js'),
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [path.endsWith('.map') ? 'index.js.map' : 'index.js', text]),
  );
}

const get = (path: string): Promise<Response> => fetch(running.url + path);

interface Told {
  invocations: number;
  environment: Record<string, string>;
  context: Record<string, unknown> & { left: number };
}

async function tell(): Promise<Told> {
  const response = await get('/unruly');
  expect(response.status).toBe(200);
  return (await response.json()) as Told;
}

describe('a function', () => {
  test('has the template’s environment and Lambda’s own, and nothing of the parent’s', async () => {
    const { environment } = await tell();
    expect(environment).toMatchObject({
      TABLE: 'Things',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Unruly0A1B2C3D',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_ENDPOINT_URL_DYNAMODB: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    });
    expect(environment).not.toHaveProperty('OF_THE_PARENT');
    expect(environment).not.toHaveProperty('PATH');
  });

  test('has a context with the time it has left', async () => {
    const { context } = await tell();
    expect(context).toMatchObject({
      functionName: 'Unruly0A1B2C3D',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Unruly0A1B2C3D',
      logGroupName: '/aws/lambda/Unruly0A1B2C3D',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.left).toBeGreaterThan(0);
    expect(context.left).toBeLessThanOrEqual(3000);
  });

  test.each(['throw', 'reject', 'circular', 'bigint', 'large'])(
    'that fails by %s answers 502, and the same environment goes on',
    async (way) => {
      const { invocations } = await tell();
      const failed = await get(`/unruly?way=${way}`);
      expect([failed.status, await failed.json()]).toEqual([502, { message: 'Internal Server Error' }]);
      expect((await tell()).invocations).toBe(invocations + 2);
    },
  );

  test.each(['exit', 'stray', 'memory'])(
    'that dies by %s answers 502, and a fresh one goes on',
    async (way) => {
      expect((await get(`/unruly?way=${way}`)).status).toBe(502);
      expect((await tell()).invocations).toBe(1);
    },
  );

  test.each(['hang', 'spin'])(
    'that does not answer in time (%s) answers 504, and a fresh one goes on',
    async (way) => {
      const late = await get(`/unruly?way=${way}`);
      expect([late.status, await late.json()]).toEqual([504, { message: 'Endpoint request timed out' }]);
      expect((await tell()).invocations).toBe(1);
    },
  );

  test('that returns nothing answers null', async () => {
    expect(await (await get('/unruly?way=nothing')).text()).toBe('null');
  });

  test('whose code does not load answers 502 each time', async () => {
    expect((await get('/broken')).status).toBe(502);
    expect((await get('/broken')).status).toBe(502);
    expect(running.printed.some((line) => /^Broken: .*does-not-exist/.test(line))).toBe(true);
  });

  test('runs no more invocations at once than its concurrency, and each gets its turn', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => get('/slow')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  });
});

describe('the log', () => {
  const logOf = (name: string): string => readFileSync(join(running.dataDir, 'logs', `${name}.log`), 'utf8');

  test('is named after the logical id without its hash, and has what was thrown', async () => {
    await get('/unruly?way=throw');
    expect(logOf('Unruly')).toMatch(/\tERROR\tInvoke Error\t.*"errorMessage":"thrown on purpose"/);
  });

  test('has a crash’s reason', async () => {
    await get('/unruly?way=exit');
    await eventually(() => /ended its process with code 3/.test(logOf('Unruly')) || undefined);
  });

  test('names lines of the TypeScript source', async () => {
    await get('/mapped');
    expect(logOf('Mapped')).toContain('mapped.ts:5:');
    expect(logOf('Mapped')).not.toMatch(/index\.js:\d/);
  });
});
