import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import { newTraceId } from '../http/http-event.ts';
import { captureOutput } from './function-log.ts';
import type { Invocation, ThreadMessage, ThreadSettings } from './messages.ts';
import type { ThreadWatcher, WatchThread } from './thread-watcher.ts';

// One execution environment of one function: loads the handler, then answers one invocation at a time.
type Handler = (event: unknown, context: Context) => unknown;

const settings = workerData as ThreadSettings;
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
const log = captureOutput(settings.logFile, (text) => say({ kind: 'notice', text }));

const watcher = await loadWatcher();
const handle = await loadHandler();
parentPort?.on('message', (invocation: Invocation) => void invoke(invocation));
say({ kind: 'ready' });

async function loadWatcher(): Promise<ThreadWatcher | undefined> {
  if (!settings.watcher) return undefined;
  const { url, data } = settings.watcher;
  const { default: watch } = (await import(url)) as { default: WatchThread };
  return watch(settings.shownName, data, (afterMs) => say({ kind: 'end', afterMs }));
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = settings.handler.split('.');
  const module = join(settings.codeFolder, `${file}.mjs`);
  const loaded = (
    existsSync(module)
      ? await import(pathToFileURL(module).href)
      : createRequire(join(settings.codeFolder, 'index.js'))(`./${file}.js`)
  ) as Record<string, unknown>;
  const handler = loaded[name];
  if (typeof handler !== 'function') throw new Error(`${settings.handler} is undefined or not exported`);
  return handler as Handler;
}

async function invoke({ event, requestId, traceId, deadline }: Invocation): Promise<void> {
  process.env['_X_AMZN_TRACE_ID'] = traceOf(traceId);
  watcher?.invoked();
  try {
    const result = await handle(JSON.parse(event), contextOf(requestId, deadline));
    watcher?.answering();
    // Lambda answers null for a handler that returns nothing.
    say({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const described = { errorType: error.name, errorMessage: error.message, stack: error.stack?.split('\n') };
    log(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error\t${JSON.stringify(described)}`);
    say({ kind: 'error', message: error.stack ?? error.message });
  }
}

/** Lambda adds its own segment to the caller's trace; here nothing records it. https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
function traceOf(header: string): string {
  const [root] = /Root=[\w-]+/.exec(header) ?? [newTraceId(new Date())];
  return `${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(requestId: string, deadline: number): Context {
  const unsupported = (): never => {
    throw new Error('Callback-style handlers were removed in the Node.js 24 runtime: return a promise.');
  };
  return {
    awsRequestId: requestId,
    functionName: settings.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.arn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroup,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}
