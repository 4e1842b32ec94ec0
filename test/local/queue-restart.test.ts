import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { batches, bodiesOf, consumedQueue, send, untilEmpty } from './consumed-queue.ts';
import { eventually, runTemplate, type RunningTemplate } from './running-template.ts';

// Each test starts a template, some twice, while other tests have the processors.
jest.setTimeout(20_000);

let running: RunningTemplate | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('a restart', () => {
  test('keeps messages, and delivers at once what the last run had in flight', async () => {
    const first = await runTemplate(consumedQueue({ Enabled: false }, { VisibilityTimeout: 600 }));
    await send(first, 'one', 'two');
    const { Messages } = await first.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: first.output('Drafts') }),
    );
    expect(Messages).toHaveLength(1);
    await first.close();

    running = await runTemplate(consumedQueue({}, { VisibilityTimeout: 600 }), first.dataDir);
    expect(running.output('Drafts')).not.toBe(first.output('Drafts'));
    await untilEmpty(running);
    const received = batches(running).flat();
    expect(received.map(({ body }) => body).sort()).toEqual(['one', 'two']);
    expect(received.map(({ attributes }) => attributes.ApproximateReceiveCount).sort()).toEqual(['1', '2']);
  });

  test('gives a queue the settings its template has now', async () => {
    const first = await runTemplate(consumedQueue({ Enabled: false }));
    await first.close();
    running = await runTemplate(
      consumedQueue({}, { RedrivePolicy: undefined, VisibilityTimeout: 0 }),
      first.dataDir,
    );
    await send(running, 'fail');
    await eventually(() => (running && bodiesOf(running).length > 3) || undefined);
  });

  test('stops within three seconds though a function hangs', async () => {
    const system = await runTemplate(consumedQueue({}, { VisibilityTimeout: 600 }));
    await send(system, 'hang');
    await eventually(() => batches(system).length > 0 || undefined);
    const before = performance.now();
    await system.close();
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
