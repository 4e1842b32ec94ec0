import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, type RunningTemplate } from './running-template.ts';
import { lambdaFunction, type WrittenTemplate } from './written-assembly.ts';

// Logs each event it gets, then does what the first message asks for.
const CONSUMER = `exports.handler = async (event) => {
  console.log(JSON.stringify({ level: 'INFO', records: event.Records, trace: process.env._X_AMZN_TRACE_ID }));
  const first = event.Records[0];
  if (first.body === 'throw') throw new Error('refused');
  if (first.body === 'hang') await new Promise(() => {});
  if (first.body === 'nonsense') return { batchItemFailures: [{ itemIdentifier: 'of another batch' }] };
  const failed = event.Records.filter(({ body }) => body.startsWith('fail'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

/** A queue with its dead letters, mapped to a function. `mapping` and `queue` are properties of theirs. */
export function consumedQueue(mapping: object = {}, queue: object = {}): WrittenTemplate {
  return {
    resources: {
      Consumer: lambdaFunction('consumer', { Timeout: 1 }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Drafts', 'Arn'] },
          FunctionName: { Ref: 'Consumer' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...mapping,
        },
      },
      // Before its dead letters, as a template may have it.
      Drafts: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 30,
          RedrivePolicy: {
            deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
            maxReceiveCount: 2,
          },
          ...queue,
        },
      },
      DeadLetters: { Type: 'AWS::SQS::Queue' },
    },
    outputs: { Drafts: { Value: { Ref: 'Drafts' } }, DeadLetters: { Value: { Ref: 'DeadLetters' } } },
    functions: { consumer: CONSUMER },
  };
}

/** Puts messages on the queue, in batches of ten. */
export async function send(system: RunningTemplate, ...bodies: string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies
      .slice(start, start + 10)
      .map((MessageBody, place) => ({ Id: String(place), MessageBody }));
    await system.sqs.send(new SendMessageBatchCommand({ QueueUrl: system.output('Drafts'), Entries }));
  }
}

/** The batches that the consumer got. */
export function batches(system: RunningTemplate): SQSEvent['Records'][] {
  const lines = logLines(system).filter((line) => line.startsWith('{'));
  return lines.map((line) => (JSON.parse(line) as { records: SQSEvent['Records'] }).records);
}

/** The lines of the consumer's log; none before it has one. */
export function logLines({ dataDir }: RunningTemplate): string[] {
  try {
    return readFileSync(join(dataDir, 'logs', 'Consumer.log'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** The bodies of all messages that the consumer got. */
export const bodiesOf = (system: RunningTemplate): string[] =>
  batches(system).flatMap((batch) => batch.map(({ body }) => body));

/** How many messages are on the queue, as SQS tells. */
export async function counts(system: RunningTemplate): Promise<{ visible: number; inFlight: number }> {
  const { Attributes = {} } = await system.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: system.output('Drafts'), AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages']),
    inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
  };
}

/** Waits until the queue has no message, in flight or not. */
export async function untilEmpty(system: RunningTemplate): Promise<void> {
  await eventually(async () => {
    const { visible, inFlight } = await counts(system);
    return visible + inFlight === 0 || undefined;
  });
}
