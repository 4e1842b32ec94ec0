import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointsPath } from './data-dir.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { openLocalTemplate } from './open-local-template.ts';
import type { Runtime } from './runtime.ts';
import { createBuckets } from './s3/create-buckets.ts';
import { startServerThread, type ServerThread } from './server-thread.ts';
import { StartFailure } from './start-failure.ts';
import { REGION } from './template/references.ts';

/** The local system's data, for a command: through the servers that run, or through one of its own. */
export interface LocalAws {
  dynamodb: DynamoDBClient;
  s3: S3Client;
  /** The value of a stack output. Throws StartFailure when there is none. */
  output(name: string): string;
  close(): Promise<void>;
}

/**
 * Opens the data in a folder (default `.local`), whether a local system runs on it or not; tables and buckets that are not
 * there yet are made. While it is open and no system runs, none can start on the folder.
 */
export async function openLocalAws(data: string | undefined): Promise<LocalAws> {
  const { dataDir, isRunning, resolver, release } = await openLocalTemplate(data);
  const servers = isRunning ? undefined : await startServers(dataDir);
  const endpoints = servers
    ? { dynamodb: servers.dynamodb.url, s3: servers.s3.url }
    : runningEndpoints(dataDir);
  const account = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamodb = new DynamoDBClient({ ...account, endpoint: endpoints.dynamodb });
  const s3 = new S3Client({ ...account, endpoint: endpoints.s3, forcePathStyle: true });
  const close = async (): Promise<void> => {
    dynamodb.destroy();
    s3.destroy();
    if (servers) await Promise.all([servers.dynamodb.stop(), servers.s3.stop()]);
    release();
  };
  try {
    if (servers) await Promise.all([createTables(resolver, dynamodb), createBuckets(resolver, s3)]);
  } catch (error) {
    // A server that goes on would keep the command from ending.
    await close();
    throw error;
  }
  return {
    dynamodb,
    s3,
    output: (name) => {
      const value = resolver.output(name);
      if (value === undefined) throw new StartFailure(`No stack of the app has an output named ${name}.`);
      return value;
    },
    close,
  };
}

async function startServers(dataDir: string): Promise<{ dynamodb: ServerThread; s3: ServerThread }> {
  const [dynamodb, s3] = await Promise.all([
    startServerThread(new URL('./dynamodb/dynamodb-thread.ts', import.meta.url), join(dataDir, 'dynamodb')),
    startServerThread(new URL('./s3/s3-thread.ts', import.meta.url), join(dataDir, 's3')),
  ]);
  return { dynamodb, s3 };
}

function runningEndpoints(dataDir: string): Runtime['endpoints'] {
  try {
    return JSON.parse(readFileSync(endpointsPath(dataDir), 'utf8')) as Runtime['endpoints'];
  } catch {
    throw new StartFailure(`The local system on ${dataDir} is starting or stopping. Try again in a moment.`);
  }
}
