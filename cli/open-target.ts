import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stages } from '../infra/stages.ts';
import { projectRoot } from '../local/project-root.ts';
import { stackOutputs } from './stack-outputs.ts';

/** A system that serves sources. */
export interface Target {
  /** What senders call, without a slash at the end. */
  url: string;
  org: string;
  /** A key to read conversations with, if there is one. */
  key: string | undefined;
}

/** The local system that runs on the data folder; undefined when none does. */
export async function localTarget(): Promise<Target | undefined> {
  const ready = join(resolve(process.env['INTAKE_DATA_DIR'] || join(projectRoot, '.local')), 'ready.json');
  if (!existsSync(ready)) return undefined;
  const target = JSON.parse(readFileSync(ready, 'utf8')) as { url: string; key: string; org: string };
  try {
    // The file of a system that was killed is still there.
    await (await fetch(`${target.url}/v1`, { signal: AbortSignal.timeout(5000) })).text();
    return target;
  } catch {
    return undefined;
  }
}

/** A deployed stage, whose keys are not kept anywhere. Throws UsageError when it is not deployed. */
export async function stageTarget(stage: string, key: string | undefined): Promise<Target> {
  const outputs = await stackOutputs(stage, 'api');
  const url = stages[stage]?.publicBaseUrl ?? outputs.need('BaseUrl');
  return { url, org: outputs.need('OrganisationId'), key: key ?? process.env['INTAKE_KEY'] };
}
