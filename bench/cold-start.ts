/**
 * How long does each function take to import, against a default esbuild bundle of only the SDK clients it needs?
 * See bench/README.md. Usage: npm run bench:cold-start [-- --runs 15] [--json]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { deployedFunctions, type DeployedFunction } from './deployed-functions.ts';
import { lowerQuartile, round } from './statistics.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, json: { type: 'boolean' } },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
process.once('exit', () => rmSync(folder, { recursive: true }));

const rows = [];
for (const lambda of deployedFunctions(join(folder, 'cdk.out'))) {
  // A function without AWS has nothing to be compared with.
  if (lambda.clients.length > 0) rows.push(await compare(lambda));
}
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
if (rows.some(({ ratio }) => ratio > 0.8)) process.exitCode = 1;

/** Imports ours and the clients' bundle in turn, each in a fresh process, so that a noisy machine is noisy for both. */
async function compare(lambda: DeployedFunction) {
  const clients = await bundleOfClients(lambda.clients);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = -1; run < runs; run++) {
    const times = [
      importTime(join(lambda.asset, 'index.js'), lambda.environment),
      importTime(clients, {}),
    ] as const;
    if (run < 0) continue; // The first pair only fills the disk cache.
    ours.push(times[0]);
    theirs.push(times[1]);
  }
  return {
    function: lambda.name,
    'ours, ms': round(lowerQuartile(ours)),
    'clients alone, ms': round(lowerQuartile(theirs)),
    ratio: round(lowerQuartile(ours) / lowerQuartile(theirs), 2),
    'bundle, kB': Math.round(statSync(join(lambda.asset, 'index.js')).size / 1000),
    clients: lambda.clients.join(' '),
  };
}

/** What many deploy: esbuild's defaults for Node.js, the clients made at import. */
async function bundleOfClients(clients: readonly string[]): Promise<string> {
  const outfile = join(folder, `${clients.join('-')}.cjs`);
  const lines = clients.map((client) => {
    const name = `@aws-sdk/client-${client}`;
    return `exports['${client}'] = new (Object.values(require('${name}')).find((it) => /^[A-Z]\\w+Client$/.test(it.name)))();`;
  });
  const entry = join(import.meta.dirname, `.clients-${process.pid}.cjs`);
  writeFileSync(entry, lines.join('\n'));
  try {
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node24',
      logLevel: 'error',
    });
  } finally {
    rmSync(entry);
  }
  return outfile;
}

/** Milliseconds that `require` of a file takes in a process of its own. */
function importTime(file: string, environment: Record<string, string>): number {
  const script = `const began = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - began)`;
  const env = { PATH: process.env['PATH'] ?? '', AWS_REGION: 'us-east-1', ...environment };
  return Number(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }));
}
