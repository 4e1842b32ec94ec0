import { join } from 'node:path';
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
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
}

const root = join(import.meta.dirname, '../..');

/** How handlers are bundled: trimmed for a fast cold start, see bench/README.md for what each line is worth. */
const bundling = {
  format: OutputFormat.CJS,
  target: 'node24',
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  esbuildArgs: {
    // Less to parse; names stay, so that a stack trace can be read.
    '--minify-whitespace': true,
    '--minify-syntax': true,
    '--alias:@aws-sdk/credential-provider-node': join(root, 'functions/lambda/environment-credentials.ts'),
  },
};

/**
 * A function of this project: arm64, Node.js 24, active tracing, a log group with retention, and a role of its own that
 * may write that log, send traces, and do what `allow` adds.
 */
export class IntakeFunction extends Construct {
  readonly lambda: NodejsFunction;

  constructor(scope: Construct, id: string, props: IntakeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', { retention: props.settings.logRetentionDays });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.lambda = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: join(root, 'functions/handlers', `${props.handler}.ts`),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeout),
      memorySize: props.memory,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: 'conversation-intake',
        ...props.environment,
      },
      awsSdkConnectionReuse: false,
      bundling,
    });
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
}
