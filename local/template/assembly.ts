import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A resource as it stands in a template: its properties may still hold intrinsic functions. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
}

/** One stack's template, as far as it is read here. */
export interface Stack {
  readonly name: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
  readonly parameters: Record<string, { Default?: unknown }>;
  readonly mappings: Record<string, Record<string, Record<string, unknown>>>;
}

/** A synthesized CDK app. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** The folder an S3 object key of `Code.S3Key` was made from; undefined when no asset manifest names it. */
  assetFolder(objectKey: string): string | undefined;
}

/** Whatever replaces intrinsic functions by their values: see Resolver. */
export interface Resolving {
  /** @param stackName the stack that the value stands in */
  resolve(value: unknown, stackName: string): unknown;
}

interface Manifest {
  artifacts: Record<
    string,
    { type: string; properties?: { templateFile?: string; stackName?: string; file?: string } }
  >;
}

interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
}

/**
 * Reads a cloud assembly: `manifest.json`, every stack's template and every asset manifest it names.
 * The format: https://github.com/aws/aws-cdk-cli/tree/main/packages/@aws-cdk/cloud-assembly-schema
 *
 * @param folder the folder `cdk synth` wrote, as an absolute path
 */
export function readAssembly(folder: string): Assembly {
  const manifest = readJson<Manifest>(join(folder, 'manifest.json'));
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  for (const [id, { type, properties }] of Object.entries(manifest.artifacts)) {
    if (type === 'aws:cloudformation:stack' && properties?.templateFile) {
      stacks.push(readStack(properties.stackName ?? id, join(folder, properties.templateFile)));
    }
    if (type === 'cdk:asset-manifest' && properties?.file) readAssets(folder, properties.file, assets);
  }
  return { stacks, assetFolder: (objectKey) => assets.get(objectKey) };
}

function readStack(name: string, file: string): Stack {
  const template = readJson<{
    Resources?: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
    Outputs?: Stack['outputs'];
    Parameters?: Stack['parameters'];
    Mappings?: Stack['mappings'];
  }>(file);
  const resources = new Map<string, Resource>();
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources ?? {})) {
    resources.set(logicalId, { stack: name, logicalId, type: Type, properties: Properties ?? {} });
  }
  return {
    name,
    resources,
    outputs: template.Outputs ?? {},
    parameters: template.Parameters ?? {},
    mappings: template.Mappings ?? {},
  };
}

function readAssets(folder: string, file: string, into: Map<string, string>): void {
  for (const { source, destinations } of Object.values(
    readJson<AssetManifest>(join(folder, file)).files ?? {},
  )) {
    if (!source.path) continue;
    const path = isAbsolute(source.path) ? source.path : join(folder, source.path);
    for (const { objectKey } of Object.values(destinations)) into.set(objectKey, path);
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
