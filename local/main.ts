import { join } from 'node:path';
import { projectRoot } from './project-root.ts';
import { runContext } from './run-context.ts';
import { sampleRequests } from './sample-requests.ts';
import { StartFailure } from './start-failure.ts';
import { startLocalSystem, type LocalSystem } from './start-local-system.ts';

const DEFAULT_PORT = 3000;
// A terminal sends Ctrl-C to npm and to this process, and npm passes it on: one key press arrives twice.
const SAME_KEY_PRESS_MS = 500;

/**
 * `npm start`. Reads PORT (default 3000, 0 for any), INTAKE_DATA_DIR (default `.local` in the project), INTAKE_STAGE
 * (default `dev`), and for a relay KUSTOMER_BASE_URL and KUSTOMER_API_KEY; runs until SIGINT or SIGTERM, and then stops in order. A second signal ends it at once.
 */
export async function run(): Promise<void> {
  let system: LocalSystem | undefined;
  endOnSignal(() => system?.close());
  try {
    system = await start();
    await welcome(system);
    await system.runtime.died;
  } catch (error) {
    console.error(error instanceof StartFailure ? error.message : error);
    await system?.close();
    process.exit(1);
  }
}

async function start(): Promise<LocalSystem> {
  return startLocalSystem({
    dataDir: process.env['INTAKE_DATA_DIR'] || join(projectRoot, '.local'),
    port: readPort(process.env['PORT']),
    context: runContext(process.env),
    kustomerKey: process.env['KUSTOMER_API_KEY'] || undefined,
    print: (line) => console.log(line),
  });
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartFailure(`PORT=${text} is not a port. Give a number from 0 (any free port) to 65535.`);
}

async function welcome({ url, key, dataDir, runtime }: LocalSystem): Promise<void> {
  const samples = await sampleRequests(projectRoot, runtime, key);
  console.log(`
conversation-intake runs at ${url}

Development key: ${key}
Data: ${dataDir}
Logs: ${join(dataDir, 'logs')}

Try:

${samples.join('\n\n')}

Ctrl-C stops it; what it keeps is there again at the next start.
`);
}

function endOnSignal(close: () => Promise<void> | undefined): void {
  let firstAt: number | undefined;
  const end = async (): Promise<void> => {
    if (firstAt !== undefined) {
      if (Date.now() - firstAt > SAME_KEY_PRESS_MS) process.exit(130);
      return;
    }
    firstAt = Date.now();
    await close();
    process.exit(0);
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
}
