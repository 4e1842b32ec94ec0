import { enableCompileCache } from 'node:module';
import type { KeptMessage, ReceivedMessage, SqsRequest } from './sqs/trace-headers.ts';
import { StartFailure } from './start-failure.ts';

/**
 * The parts of fauxqs 2.4.1 that the local SQS and S3 put together themselves. The package's own `startFauxqs` listens on
 * every network interface and keeps the queue URLs of an earlier port; its parts do neither.
 */
export interface FauxqsParts {
  buildApp(options: {
    logger: false;
    defaultRegion: string;
    stores: { sqsStore?: QueueStore; s3Store?: ObjectStore };
  }): FauxqsApp;
  SqsStore: new () => QueueStore;
  S3Store: new () => ObjectStore;
  PersistenceManager: new (folder: string) => Persistence;
}

interface FauxqsApp {
  listen(address: { port: number; host: string }): Promise<string>;
  /** Called with each request once its body is parsed, and with each answer before it becomes JSON: https://fastify.dev/docs/latest/Reference/Hooks/ */
  addHook(name: 'preHandler', hook: (request: SqsRequest) => Promise<void>): void;
  addHook(
    name: 'preSerialization',
    hook: (request: SqsRequest, reply: unknown, answer: unknown) => Promise<unknown>,
  ): void;
  /** Bodies of the type are no longer parsed: the store gets their bytes. */
  removeContentTypeParser(contentTypes: string[]): void;
  close(): Promise<void>;
}

interface QueueStore {
  /** Empty: queue URLs are made from the request's Host header. */
  host: string;
  persistence: Persistence | undefined;
  createQueue(...definition: unknown[]): Queue;
  allQueues(): Iterable<Queue>;
}

interface Queue {
  persistence: Persistence | undefined;
  inflightMessages: Map<string, unknown>;
  changeVisibility(receiptHandle: string, seconds: number): void;
  enqueue(message: KeptMessage): void;
  dequeue(...options: unknown[]): ReceivedMessage[];
}

interface ObjectStore {
  /** Undefined: in memory. */
  persistence: Persistence | undefined;
}

interface Persistence {
  db: { exec(sql: string): void; prepare(sql: string): { run(...values: unknown[]): unknown } };
  transaction(work: () => void): void;
  updateMessageReady(messageId: string): void;
  loadSqsQueues(store: QueueStore): void;
  loadS3(store: ObjectStore): void;
  close(): void;
}

/**
 * Loads the parts from the installed package. They are not among its exports, so they are found by their files.
 *
 * @throws StartFailure when the installed version is put together differently
 */
export async function loadFauxqsParts(): Promise<FauxqsParts> {
  // Threads have none of their process's; loading the package is most of a server's start.
  enableCompileCache();
  const main = import.meta.resolve('fauxqs');
  const load = (file: string): Promise<Partial<FauxqsParts>> => import(new URL(file, main).href);
  const [{ buildApp }, { SqsStore }, { S3Store }, { PersistenceManager }] = await Promise.all([
    load('app.js'),
    load('sqs/sqsStore.js'),
    load('s3/s3Store.js'),
    load('persistence.js'),
  ]);
  if (!buildApp || !SqsStore || !S3Store || !PersistenceManager) {
    throw new StartFailure('The installed fauxqs is not the version in package-lock.json: run npm ci.');
  }
  return { buildApp, SqsStore, S3Store, PersistenceManager };
}
