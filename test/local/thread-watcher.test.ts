import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startRuntime, type Runtime } from '../../local/runtime.ts';
import { httpApi, lambdaFunction, newFolder, writeAssembly } from './written-assembly.ts';

const HANDLER = `
let invocations = 0;
exports.handler = async ({ queryStringParameters }) => {
  invocations += 1;
  if (queryStringParameters?.way === 'spin') for (;;);
  return { invocations };
};`;

// Dies as the file says that stands beside it: one word, which is used up.
const WATCHER = `
import { readFileSync, writeFileSync, appendFileSync } from 'node:fs';
export default function watch(shownName, { wish, told, shared }, endAfter) {
  const dieIf = (when) => {
    appendFileSync(told, shownName + ' ' + when + '\\n');
    Atomics.add(new Int32Array(shared), 0, 1);
    if (readFileSync(wish, 'utf8') !== when) return;
    writeFileSync(wish, '');
    process.exit(137);
  };
  return {
    invoked() {
      dieIf('invoked');
      if (readFileSync(wish, 'utf8') === 'in the middle') endAfter(1);
    },
    answering: () => dieIf('answering'),
  };
}`;

describe('a watcher of the functions’ threads', () => {
  const folder = newFolder();
  const wish = join(folder, 'wish');
  const told = join(folder, 'told');
  const shared = new SharedArrayBuffer(4);
  let runtime: Runtime;

  beforeAll(async () => {
    const module = join(folder, 'watcher.mjs');
    writeFileSync(module, WATCHER);
    writeFileSync(wish, '');
    const assembly = writeAssembly({
      resources: {
        ...httpApi({ 'GET /': 'Watched0A1B2C3D' }),
        Watched0A1B2C3D: lambdaFunction('watched', { ReservedConcurrentExecutions: 1 }),
      },
      functions: { watched: HANDLER },
    });
    runtime = await startRuntime({
      assembly,
      dataDir: newFolder(),
      port: 0,
      print: () => {},
      watcher: { url: pathToFileURL(module).href, data: { wish, told, shared } },
    });
  });
  afterAll(() => runtime.close());

  const ask = async (query = '') => {
    const response = await fetch(`${runtime.url}/${query}`);
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const failed = { status: 502, body: { message: 'Internal Server Error' } };

  test('is told of each invocation before and after the handler, and shares memory with whoever gave it', async () => {
    const before = new Int32Array(shared)[0]!;
    writeFileSync(told, '');
    expect(await ask()).toMatchObject({ status: 200 });
    expect(readFileSync(told, 'utf8')).toBe('Watched invoked\nWatched answering\n');
    expect(new Int32Array(shared)[0]).toBe(before + 2);
  });

  test.each(['invoked', 'answering'])(
    'ends a thread when it is %s: the next invocation has another one',
    async (when) => {
      writeFileSync(wish, when);
      expect(await ask()).toEqual(failed);
      expect(await ask()).toEqual({ status: 200, body: { invocations: 1 } });
    },
  );

  test('has a thread ended in the middle of synchronous work', async () => {
    writeFileSync(wish, 'in the middle');
    expect(await ask('?way=spin')).toEqual(failed);
    writeFileSync(wish, '');
    expect(await ask()).toEqual({ status: 200, body: { invocations: 1 } });
  });
});
