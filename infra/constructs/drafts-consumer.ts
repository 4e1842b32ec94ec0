import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StageSettings } from '../stages.ts';
import type { IntakeFunction } from './intake-function.ts';

/** Seconds that write-drafts may take for a batch; the queue's visibility timeout follows from it. */
export const writeDraftsTimeout = 30;

/** Feeds the function from the queue: up to 100 messages at a time, gathered within the stage's window, each settled on its own. */
export function consumeDrafts(consumer: IntakeFunction, queue: Queue, settings: StageSettings): void {
  consumer.lambda.addEventSource(
    new SqsEventSource(queue, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(settings.batchWindowSeconds),
      maxConcurrency: settings.writers,
      reportBatchItemFailures: true,
    }),
  );
}
