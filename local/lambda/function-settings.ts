import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import type { Assembly, Resource } from '../template/assembly.ts';
import { physicalName } from '../template/physical-name.ts';
import { arn, REGION } from '../template/references.ts';
import type { Resolver } from '../template/resolver.ts';
import type { WatcherModule } from './thread-watcher.ts';

/** What is needed to run one Lambda function. */
export interface FunctionSettings {
  readonly name: string;
  /** The name people read: the logical id without the hash CDK appends. Also the log file's name. */
  readonly shownName: string;
  readonly arn: string;
  /** The folder the bundle is in, and `file.export` of its handler. */
  readonly codeFolder: string;
  readonly handler: string;
  /** Everything in the function's process.env; nothing of this process's own environment is. */
  readonly environment: Record<string, string>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly logFile: string;
  /** How many invocations may run at once. */
  readonly concurrency: number;
  readonly watcher?: WatcherModule | undefined;
}

/** The addresses that the AWS SDK reads from the environment, by its own variable names. */
export type Endpoints = Record<`AWS_ENDPOINT_URL_${string}`, string>;

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MB = 128;
// Two for each processor keep it busy while some wait; more only slow each other down.
const MOST_ENVIRONMENTS = Math.min(8, Math.max(4, 2 * availableParallelism()));

/**
 * Reads an AWS::Lambda::Function.
 *
 * @throws StartFailure when its code is not an asset of the assembly (inline code, layers' code)
 */
export function functionSettings(
  resource: Resource,
  resolver: Resolver,
  assembly: Assembly,
  endpoints: Endpoints,
  logFolder: string,
): FunctionSettings {
  const properties = resolver.properties(resource);
  const name = physicalName(resource, resolver);
  const shownName = resource.logicalId.replace(/(?<=.)[0-9A-F]{8}$/, '');
  const { S3Key } = properties['Code'] as { S3Key?: string };
  const codeFolder = S3Key === undefined ? undefined : assembly.assetFolder(S3Key);
  if (codeFolder === undefined) {
    throw new StartFailure(
      `The code of the function ${resource.logicalId} is not an asset; it cannot run locally.`,
    );
  }
  const memoryMb = Number(properties['MemorySize'] ?? DEFAULT_MEMORY_MB);
  const handler = String(properties['Handler']);
  const logGroup = logGroupOf(properties, name);
  const chosen =
    (properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  const reserved = properties['ReservedConcurrentExecutions'] as number | undefined;
  return {
    name,
    shownName,
    arn: arn('lambda', `function:${name}`),
    codeFolder,
    handler,
    environment: {
      ...serviceVariables({ name, handler, memoryMb, logGroup, codeFolder }),
      ...endpoints,
      ...Object.fromEntries(Object.entries(chosen).map(([key, value]) => [key, String(value)])),
    },
    timeoutMs: 1000 * Number(properties['Timeout'] ?? DEFAULT_TIMEOUT_S),
    memoryMb,
    logGroup,
    logFile: join(logFolder, `${shownName}.log`),
    concurrency: Math.min(reserved ?? MOST_ENVIRONMENTS, MOST_ENVIRONMENTS),
  };
}

function logGroupOf(properties: Record<string, unknown>, name: string): string {
  const chosen = (properties['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup;
  return chosen ?? `/aws/lambda/${name}`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function serviceVariables(own: {
  name: string;
  handler: string;
  memoryMb: number;
  logGroup: string;
  codeFolder: string;
}): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: own.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(own.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: own.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: own.codeFolder,
    _HANDLER: own.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
