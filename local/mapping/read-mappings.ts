import type { FunctionPool } from '../lambda/function-pool.ts';
import { StartFailure } from '../start-failure.ts';
import { queueUrl, type Addresses } from '../template/references.ts';
import type { Resolver } from '../template/resolver.ts';
import type { MappingSettings } from './event-source-mapping.ts';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
const DEFAULT_BATCH_SIZE = 10;

/**
 * The enabled event source mappings of the template.
 *
 * @param poolOf the running function with this ARN or name, with or without a qualifier
 * @throws StartFailure for a source that is no queue, a filter, or a function that is not in the template
 */
export function readMappings(
  resolver: Resolver,
  addresses: Addresses,
  poolOf: (arn: string) => FunctionPool | undefined,
): MappingSettings[] {
  return resolver.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const properties = resolver.properties(resource);
    if (properties['Enabled'] === false) return [];
    const queueArn = String(properties['EventSourceArn']);
    const pool = poolOf(String(properties['FunctionName']));
    if (!queueArn.startsWith('arn:aws:sqs:') || !pool || properties['FilterCriteria'] !== undefined) {
      throw new StartFailure(
        `The event source mapping ${resource.logicalId} cannot run locally: ` +
          'only a queue of the template that feeds a function of the template without a filter is.',
      );
    }
    const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
    const responses = (properties['FunctionResponseTypes'] ?? []) as string[];
    return {
      queueArn,
      queueUrl: queueUrl(addresses, queueArn.split(':').pop() ?? ''),
      batchSize: Number(properties['BatchSize'] ?? DEFAULT_BATCH_SIZE),
      windowMs: 1000 * Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
      concurrency: Math.min(scaling?.MaximumConcurrency ?? Infinity, pool.settings.concurrency),
      reportsItems: responses.includes('ReportBatchItemFailures'),
      pool,
    };
  });
}
