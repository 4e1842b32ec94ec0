import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A function as it would be deployed. */
export interface DeployedFunction {
  /** Its handler's name, as the construct is called. */
  name: string;
  /** Folder of the bundle: index.js and its source map. */
  asset: string;
  /** The template's variables; what only AWS knows is filled in with something of the right form. */
  environment: Record<string, string>;
  /** In MB. */
  memory: number;
  /** The AWS clients in the bundle, e.g. `dynamodb`. */
  clients: string[];
}

interface Resource {
  Type: string;
  Properties: {
    Code: { S3Key: string };
    MemorySize: number;
    Environment?: { Variables?: Record<string, unknown> };
  };
}

/** Synthesizes the dev stage into `folder` and finds its functions. */
export function deployedFunctions(folder: string): DeployedFunction[] {
  const root = join(import.meta.dirname, '..');
  execFileSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const path = join(folder, 'conversation-intake-dev-api.template.json');
  const { Resources } = JSON.parse(readFileSync(path, 'utf8')) as { Resources: Record<string, Resource> };
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([id, { Properties }]) => {
      const asset = join(folder, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
      return {
        name: id.replace(/Function[0-9A-F]{8}$/, ''),
        asset,
        environment: Object.fromEntries(
          Object.entries(Properties.Environment?.Variables ?? {}).map(([name, value]) => [
            name,
            literal(value),
          ]),
        ),
        memory: Properties.MemorySize,
        clients: clientsIn(asset),
      };
    });
}

/** Joined values are JSON objects of ARNs, and all others names. */
function literal(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.hasOwn(value as object, 'Fn::Join') ? '{}' : 'name';
}

function clientsIn(asset: string): string[] {
  const { sources } = JSON.parse(readFileSync(join(asset, 'index.js.map'), 'utf8')) as { sources: string[] };
  return [
    ...new Set(sources.flatMap((source) => /@aws-sdk\/client-([\w-]+)\//.exec(source)?.[1] ?? [])),
  ].sort();
}
