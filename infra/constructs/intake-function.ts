import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Stage, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Code,
  Function,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { buildSync, type BuildOptions } from 'esbuild';
import type { StageSettings } from '../stages.ts';

/** What a function needs besides its code. */
export interface IntakeFunctionProps {
  settings: StageSettings;
  /** Name of a file in functions/handlers/, without its ending. */
  handler: string;
  description: string;
  environment: Record<string, string>;
  /** In seconds. */
  timeout: number;
  /** In MB; processor time comes in proportion. */
  memory: number;
  /** Executions that are set aside for it, and the most that it has. */
  reserved?: number | undefined;
  /** Whether it sends messages to the queue that it is invoked by: Lambda stops that after some 16 times unless it is told. */
  sendsToItself?: boolean;
}

const root = join(import.meta.dirname, '../..');

const credentials = join(root, 'functions/lambda/environment-credentials.ts');
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Less to parse; names stay, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Packages that hardly any invocation imports: each is a file beside the bundle, read when it is imported first. */
const s3 = { name: '@aws-sdk/client-s3', file: './client-s3.js' };
const secretsManager = { name: '@aws-sdk/client-secrets-manager', file: './client-secrets-manager.js' };
const sqs = { name: '@aws-sdk/client-sqs', file: './client-sqs.js' };
/** Needs secrets from its first request on: their client is in its bundle. */
const readsSecretsAtOnce = 'receive-hook';
/** Queues what a relay puts off, and nothing else: the client of the queue is a file beside its bundle. */
const queuesLate = 'create-conversation';
/** The relay's own code: a stage that does not relay does without it, and without reading secrets or queueing late. */
const relay = '*/open-kustomer.ts';

/**
 * A handler's bundle, trimmed for a fast cold start: docs/decisions/0003. esbuild runs in this process: CDK's
 * NodejsFunction starts it through npx, which takes longer than the bundling. Where the CDK needs no code, as for
 * `cdk destroy`, nothing is bundled.
 */
function bundleOf(scope: Construct, handler: string, { destination }: StageSettings): Code {
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(join(root, 'functions/handlers'));
  const folder = join(Stage.of(scope)!.outdir, 'bundles', handler);
  const alias = { '@aws-sdk/credential-provider-node': credentials };
  const relays = destination.kind === 'kustomer';
  const late = [
    s3,
    ...(handler === readsSecretsAtOnce ? [] : [secretsManager]),
    ...(handler === queuesLate ? [sqs] : []),
  ];
  const { metafile } = buildSync({
    ...options,
    entryPoints: [join(root, 'functions/handlers', `${handler}.ts`)],
    outfile: join(folder, 'index.js'),
    alias: { ...alias, ...Object.fromEntries(late.map(({ name, file }) => [name, file])) },
    external: [...late.map(({ file }) => file), ...(relays ? [] : [relay])],
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  for (const { name, file } of relays ? late : [s3]) {
    if (imports.some(({ path }) => path === file)) {
      buildSync({ ...options, entryPoints: [name], outfile: join(folder, file), alias });
    }
  }
  return Code.fromAsset(folder);
}

/**
 * A function of this project: arm64, Node.js 24, active tracing, a log group with retention, and a role of its own that
 * may write that log, send traces, and do what `allow` adds. Each deployment that changes it makes a version, and what invokes it does so
 * by the alias `live`, which follows as the stage's `rollout` says.
 */
export class IntakeFunction extends Construct {
  readonly lambda: Function;
  /** What the API and the queue invoke. */
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: IntakeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', { retention: props.settings.logRetentionDays });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.lambda = new Function(this, 'Function', {
      description: props.description,
      code: bundleOf(this, props.handler, props.settings),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeout),
      memorySize: props.memory,
      ...(props.reserved !== undefined && { reservedConcurrentExecutions: props.reserved }),
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      ...(props.sendsToItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      // Old ones stay, so that the alias can be pointed back to one; not one whose deployment failed: made again, it would be there already.
      ...(props.settings.keepsData && {
        currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      }),
      environment: {
        POWERTOOLS_SERVICE_NAME: 'conversation-intake',
        STAGE: props.settings.stage,
        FUNCTION: props.handler,
        ...props.environment,
      },
    });
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: this.lambda.currentVersion });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray knows no resource for PutTraceSegments and PutTelemetryRecords; nothing else has a wildcard.',
    });
  }

  /** Lets the function do `actions` on one resource, named by its ARN. */
  allow(resource: string, ...actions: string[]): this {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
    return this;
  }

  /** Lets the function do `actions` on the objects of a bucket, and nothing on the bucket itself. */
  allowObjects(bucket: IBucket, ...actions: string[]): this {
    // The bucket is another stack's: cdk-nag names it by its export.
    const exported = Stack.of(bucket).exportValue(bucket.bucketArn);
    const { 'Fn::ImportValue': name } = Stack.of(this).resolve(exported) as { 'Fn::ImportValue': string };
    Validations.of(this.lambda.role!).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${name}/*]`,
      reason:
        'All objects of the bucket are of the one kind that the function is for; their names are hashes.',
    });
    return this.allow(`${bucket.bucketArn}/*`, ...actions);
  }
}
