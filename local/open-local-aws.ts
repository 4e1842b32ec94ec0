import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endpointsPath, openDataDir, type DataDir } from './data-dir.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { startServerThread } from './server-thread.ts';
import { StartFailure } from './start-failure.ts';
import { projectRoot } from './start-local-system.ts';
import { synthesize } from './synthesize.ts';
import { readAssembly } from './template/assembly.ts';
import { REGION } from './template/references.ts';
import { Resolver } from './template/resolver.ts';

/** The local system's data, for a command: through the servers that run, or through one of its own. */
export interface LocalAws {
  dynamodb: DynamoDBClient;
  /** The value of a stack output. Throws StartFailure when there is none. */
  output(name: string): string;
  close(): Promise<void>;
}

/**
 * Opens the data in a folder (default `.local`), whether a local system runs on it or not; tables that are not there yet
 * are made. While it is open and no system runs, none can start on the folder.
 */
export async function openLocalAws(data: string | undefined): Promise<LocalAws> {
  const dataDir = resolve(data || join(projectRoot, '.local'));
  const held = tryToHold(dataDir);
  const server = held && (await startServerThread(dynamodbThread, join(dataDir, 'dynamodb')));
  const folder = join(dataDir, 'cdk.out');
  const endpoint = server?.url ?? runningEndpoint(dataDir);
  // What runs is never replaced under the running functions.
  const assembly = held ? await synthesize(projectRoot, folder, stage).assembly : folder;
  const resolver = new Resolver(readAssembly(assembly), { sqs: '', gateway: '' });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamodb = new DynamoDBClient({ region: REGION, credentials, endpoint });
  if (held) await createTables(resolver, dynamodb);
  return {
    dynamodb,
    output: (name) => {
      const value = resolver.output(name);
      if (value === undefined) throw new StartFailure(`No stack of the app has an output named ${name}.`);
      return value;
    },
    close: async () => {
      dynamodb.destroy();
      await server?.stop();
      held?.release();
    },
  };
}

const stage = process.env['INTAKE_STAGE'] || 'dev';
const dynamodbThread = new URL('./dynamodb/dynamodb-thread.ts', import.meta.url);

/** The folder, if no local system runs on it. */
function tryToHold(dataDir: string): DataDir | undefined {
  try {
    return openDataDir(dataDir);
  } catch (error) {
    // Without that file nothing runs there: the folder itself is at fault.
    if (error instanceof StartFailure && existsSync(endpointsPath(dataDir))) return undefined;
    throw error;
  }
}

function runningEndpoint(dataDir: string): string {
  try {
    return (JSON.parse(readFileSync(endpointsPath(dataDir), 'utf8')) as { dynamodb: string }).dynamodb;
  } catch {
    throw new StartFailure(`The local system on ${dataDir} is starting or stopping. Try again in a moment.`);
  }
}
