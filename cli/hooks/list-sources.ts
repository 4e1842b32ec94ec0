import { sources } from '../../functions/hooks/sources.ts';
import { sourcesOn } from '../../infra/sources-on.ts';
import { stages } from '../../infra/stages.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { secretOutput } from '../secrets/secret-output.ts';
import { localTarget, stageTarget, type Target } from './open-target.ts';

/** A source, and where it is served. */
interface ListedSource {
  source: string;
  sender: string;
  delivery: 'direct' | 'queued';
  /** What its sender is to call; missing when the local system does not run, or what runs does not have the source yet. */
  url?: string;
  /** The stack output that names its secret, and the ARN when it is known. */
  secret: { output: string; arn?: string };
}

/** Prints all sources, and where the local system or a stage serves them. */
export async function listSources({ stage, json }: { stage?: string; json?: boolean }): Promise<void> {
  const target = stage === undefined ? await localTarget() : await stageTarget(stage, undefined);
  const rows = await rowsOf(target, stage);
  if (json) return console.log(JSON.stringify(rows));
  if (!target) console.log('The local system does not run: npm start\n');
  const widths = (['source', 'sender', 'delivery'] as const).map(
    (column) => [column, Math.max(...rows.map((row) => row[column].length))] as const,
  );
  const missing = stage === undefined ? 'not in what runs: start it anew' : 'not deployed yet';
  const on = new Set(sourcesOn(stages[stage ?? (process.env['INTAKE_STAGE'] || 'dev')] ?? {}));
  for (const row of rows) {
    const url = row.url ?? (on.has(row.source) ? (target ? missing : '') : 'off: infra/stages.ts');
    console.log([...widths.map(([column, width]) => row[column].padEnd(width)), url].join('  ').trimEnd());
    const indent = ' '.repeat(widths[0]![1]);
    console.log(`${indent}  secret: ${row.secret.output}${row.secret.arn ? `, ${row.secret.arn}` : ''}`);
  }
}

async function rowsOf(target: Target | undefined, stage: string | undefined): Promise<ListedSource[]> {
  // Without anything that runs there is nothing to be asked, and nothing is made for it.
  const secrets = target && (await openSecrets(stage));
  try {
    return Object.entries(sources).map(([source, { sender, delivery }]) => {
      const arn = secrets?.arnOf(source);
      return {
        source,
        sender: sender.name,
        delivery,
        ...(target && arn !== undefined && { url: `${target.url}/v1/hooks/${source}` }),
        secret: { output: secretOutput(source), ...(arn !== undefined && { arn }) },
      };
    });
  } finally {
    secrets?.close();
  }
}
