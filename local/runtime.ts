import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTables } from './dynamodb/create-tables.ts';
import { startGateway } from './http/gateway.ts';
import { readRoutes } from './http/routes.ts';
import { startFunctions } from './lambda/start-functions.ts';
import type { WatcherModule } from './lambda/thread-watcher.ts';
import { EventSourceMapping } from './mapping/event-source-mapping.ts';
import { readMappings } from './mapping/read-mappings.ts';
import { createBuckets } from './s3/create-buckets.ts';
import { createSecrets } from './secrets/create-secrets.ts';
import { SecretsFile } from './secrets/secrets-file.ts';
import { startSecretsServer } from './secrets/secrets-server.ts';
import { startServerThread } from './server-thread.ts';
import { createQueues } from './sqs/create-queues.ts';
import { readAssembly } from './template/assembly.ts';
import { REGION } from './template/references.ts';
import { notRunLocally } from './template/resource-types.ts';
import { Resolver } from './template/resolver.ts';

/** What the runtime runs, and where. */
export interface RuntimeOptions {
  /** The cloud assembly's folder; a promise, so that synthesis and the servers' start go on at the same time. */
  readonly assembly: string | Promise<string>;
  /** Absolute path of the folder that data and logs are kept in. */
  readonly dataDir: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Shows a line on the console: requests, failures, what is not run. */
  readonly print: (line: string) => void;
  /** Watches the functions' threads, and may end them: for a proof that nothing is lost then. */
  readonly watcher?: WatcherModule | undefined;
}

/** A running template. */
export interface Runtime {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Where its servers listen: for other processes of this machine. */
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string; readonly s3: string };
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsFile;
  /** The value of a stack output; undefined when there is none with this name. */
  output(name: string): string | undefined;
  /** Rejects when one of its servers dies. Never resolves. */
  readonly died: Promise<never>;
  /** Answers what is under way (at most 5 seconds), then stops everything. */
  close(): Promise<void>;
}

type Stop = () => Promise<unknown> | void;

const GATEWAY_PATIENCE_MS = 5000;

/**
 * Runs a synthesized template: creates its tables, queues, buckets and secrets, then serves its routes and polls its queues.
 *
 * @throws StartFailure for a port in use and for what the template has and the local run cannot do; nothing is left
 *   running then
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  // Stopped in reverse order, each group at once.
  const stops: Stop[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return { ...(await start(options, (stop) => void stops.push(stop))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  { assembly, dataDir, port, print, watcher }: RuntimeOptions,
  onClose: (stop: Stop) => void,
): Promise<Omit<Runtime, 'close'>> {
  const folder = (name: string): string => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const gateway = await startGateway(port, print);
  onClose(() => gateway.stop(0));
  const secrets = new SecretsFile(join(dataDir, 'secrets.json'));
  const [dynamodbServer, sqsServer, s3Server, secretsServer] = await Promise.all([
    startServerThread(new URL('./dynamodb/dynamodb-thread.ts', import.meta.url), folder('dynamodb')),
    startServerThread(new URL('./sqs/sqs-thread.ts', import.meta.url), folder('sqs')),
    startServerThread(new URL('./s3/s3-thread.ts', import.meta.url), folder('s3')),
    startSecretsServer(secrets),
  ]);
  onClose(() =>
    Promise.all([dynamodbServer.stop(), sqsServer.stop(), s3Server.stop(), secretsServer.stop()]),
  );

  const account = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamodb = new DynamoDBClient({ ...account, endpoint: dynamodbServer.url });
  const sqs = new SQSClient({ ...account, endpoint: sqsServer.url });
  const s3 = new S3Client({ ...account, endpoint: s3Server.url, forcePathStyle: true });
  onClose(() => {
    dynamodb.destroy();
    sqs.destroy();
    s3.destroy();
  });

  const addresses = { sqs: sqsServer.url, gateway: gateway.url };
  const read = readAssembly(await assembly);
  const resolver = new Resolver(read, addresses);
  for (const resource of notRunLocally(resolver.all())) print(`not run locally: ${resource}`);
  const [secretNames] = await Promise.all([
    createSecrets(resolver, secrets),
    createTables(resolver, dynamodb),
    createQueues(resolver, sqs),
    createBuckets(resolver, s3),
  ]);
  secretsServer.serve(secretNames);

  const functions = startFunctions({
    resolver,
    assembly: read,
    logFolder: folder('logs'),
    print,
    watcher,
    endpoints: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbServer.url,
      AWS_ENDPOINT_URL_SQS: sqsServer.url,
      AWS_ENDPOINT_URL_S3: s3Server.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsServer.url,
    },
  });
  onClose(() => functions.close());
  const mappings = readMappings(resolver, addresses, functions.poolOf).map(
    (settings) => new EventSourceMapping(settings, sqs, print),
  );
  onClose(() => Promise.all(mappings.map((mapping) => mapping.stop())));
  const routes = readRoutes(resolver, functions.poolOf);
  gateway.serve(routes);
  for (const { pool } of routes) pool.warm();
  onClose(() => gateway.stop(GATEWAY_PATIENCE_MS));
  return {
    url: gateway.url,
    endpoints: { dynamodb: dynamodbServer.url, sqs: sqsServer.url, s3: s3Server.url },
    dynamodb,
    sqs,
    s3,
    secrets,
    output: (name) => resolver.output(name),
    died: Promise.race([dynamodbServer.died, sqsServer.died, s3Server.died]),
  };
}
