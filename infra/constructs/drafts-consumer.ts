import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StageSettings } from '../stages.ts';
import type { IntakeFunction } from './intake-function.ts';

/** Seconds that write-drafts may take for a batch; the queue's visibility timeout follows from it. */
export const writeDraftsTimeout = 60;

/** After so many receives SQS moves a message to the dead letters. */
export const maxReceives = 5;

/**
 * How many messages the function gets at a time. Before Kustomer ten requests' worth: of these it sends several at once, which takes
 * no longer than one.
 */
const batchSize = { dynamodb: 100, kustomer: 1000 };

/**
 * Feeds the function from the queue: many messages at a time, gathered within the stage's window, each settled on
 * its own. Grants just what the poller and settling need, without the GetQueueUrl that CDK's own event source adds.
 */
export function consumeDrafts(consumer: IntakeFunction, queue: Queue, settings: StageSettings): void {
  consumer.allow(
    queue.queueArn,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ChangeMessageVisibility',
  );
  consumer.live.addEventSourceMapping('Drafts', {
    eventSourceArn: queue.queueArn,
    batchSize: batchSize[settings.destination.kind],
    maxBatchingWindow: Duration.seconds(settings.batchWindowSeconds),
    maxConcurrency: settings.writers,
    reportBatchItemFailures: true,
  });
}
