import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { batches, bodiesOf, consumedQueue, counts, logLines, send, untilEmpty } from './consumed-queue.ts';
import { eventually, runTemplate, type RunningTemplate } from './running-template.ts';

// Visibility timeouts and batching windows are whole seconds, and some tests need three of them.
jest.setTimeout(20_000);

let running: RunningTemplate | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const attributes = { reason: { DataType: 'String', StringValue: 'a reason' } };

/** Waits for a message among the dead letters. */
async function deadLetter(system: RunningTemplate): Promise<string> {
  return eventually(async () => {
    const { Messages } = await system.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: system.output('DeadLetters'), WaitTimeSeconds: 1 }),
    );
    return Messages?.[0]?.Body;
  });
}

describe('a mapping', () => {
  test('passes messages on in Lambda’s form and deletes them when the function is done', async () => {
    running = await runTemplate(consumedQueue());
    await running.sqs.send(
      new SendMessageCommand({
        QueueUrl: running.output('Drafts'),
        MessageBody: 'hello',
        MessageAttributes: attributes,
      }),
    );
    await untilEmpty(running);
    expect(batches(running)).toEqual([
      [
        expect.objectContaining({
          body: 'hello',
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Drafts',
          awsRegion: 'us-east-1',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
          }),
          messageAttributes: {
            reason: {
              dataType: 'String',
              stringValue: 'a reason',
              stringListValues: [],
              binaryListValues: [],
            },
          },
        }),
      ],
    ]);
  });

  test('passes on the trace of each message: that of the request, or its own in its place', async () => {
    running = await runTemplate(consumedQueue({ BatchSize: 10, MaximumBatchingWindowInSeconds: 1 }));
    const [requests, own] = [
      'Root=1-67891233-0000000000000000000000aa',
      'Root=1-67891233-0000000000000000000000bb',
    ];
    const trace = { AWSTraceHeader: { DataType: 'String', StringValue: own } };
    const command = new SendMessageBatchCommand({
      QueueUrl: running.output('Drafts'),
      Entries: [
        { Id: '0', MessageBody: 'of the request' },
        { Id: '1', MessageBody: 'of its own', MessageSystemAttributes: trace, MessageAttributes: attributes },
      ],
    });
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['X-Amzn-Trace-Id'] = requests;
        return next(args);
      },
      { step: 'build' },
    );
    await running.sqs.send(command);
    await send(running, 'of none');
    await untilEmpty(running);
    const passed = batches(running)
      .flat()
      .map((record) => [
        record.body,
        record.attributes.AWSTraceHeader,
        Object.keys(record.messageAttributes),
      ]);
    expect(passed.sort()).toEqual([
      ['of its own', own, ['reason']],
      ['of none', undefined, []],
      ['of the request', requests, []],
    ]);
    const traces = logLines(running).join('\n');
    expect(traces).toMatch(/"trace":"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"/);
    expect(traces).not.toContain(`"trace":"${own}`);
  });

  test('fills a batch to its size, well before a long window is over', async () => {
    running = await runTemplate(consumedQueue({ BatchSize: 100, MaximumBatchingWindowInSeconds: 300 }));
    await send(running, ...Array.from({ length: 100 }, (_, number) => `message ${number}`));
    await untilEmpty(running);
    expect(batches(running).map((batch) => batch.length)).toEqual([100]);
  });

  test('passes on a batch that is not full when its window is over', async () => {
    running = await runTemplate(consumedQueue({ BatchSize: 100, MaximumBatchingWindowInSeconds: 1 }));
    await send(running, 'one', 'two');
    await untilEmpty(running);
    expect(bodiesOf(running).sort()).toEqual(['one', 'two']);
  });

  test('splits what is too much for one invocation, and loses none of it', async () => {
    running = await runTemplate(consumedQueue({ BatchSize: 10 }));
    const large = 'x'.repeat(1_000_000);
    for (let number = 0; number < 9; number += 1) await send(running, `${number}${large}`);
    await untilEmpty(running);
    const seen = bodiesOf(running).map((body) => body[0]);
    expect(seen.sort()).toEqual([...'012345678']);
    expect(Math.max(...batches(running).map((batch) => batch.length))).toBeLessThan(7);
  });

  test('deletes all but the reported failures, which reach the dead letters after maxReceiveCount', async () => {
    running = await runTemplate(consumedQueue({}, { VisibilityTimeout: 1 }));
    await send(running, 'good', 'fail', 'good too');
    expect(await deadLetter(running)).toBe('fail');
    await untilEmpty(running);
    const seen = bodiesOf(running);
    expect(seen.filter((body) => body === 'fail')).toHaveLength(2);
    expect(seen.filter((body) => body !== 'fail').sort()).toEqual(['good', 'good too']);
  });

  test('deletes nothing of a batch whose function throws, takes too long, or reports nonsense', async () => {
    const ways = ['hang', 'nonsense', 'throw'];
    running = await runTemplate(consumedQueue({ BatchSize: 1 }, { VisibilityTimeout: 2 }));
    await send(running, ...ways);
    const dead = [await deadLetter(running), await deadLetter(running), await deadLetter(running)];
    expect(dead.sort()).toEqual(ways);
    expect(bodiesOf(running).sort()).toEqual(['hang', 'hang', 'nonsense', 'nonsense', 'throw', 'throw']);
    expect(running.printed).toContain('Consumer: 1 of 1 messages failed');
  });

  test('takes a report of failures for nothing where it is not asked for', async () => {
    running = await runTemplate(consumedQueue({ FunctionResponseTypes: [] }));
    await send(running, 'fail');
    await untilEmpty(running);
    expect(bodiesOf(running)).toEqual(['fail']);
  });

  test('that is disabled leaves its queue alone', async () => {
    running = await runTemplate(consumedQueue({ Enabled: false }));
    await send(running, 'hello');
    expect(await counts(running)).toEqual({ visible: 1, inFlight: 0 });
  });
});
