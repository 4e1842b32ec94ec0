import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { settle, type Settlement } from '../../functions/queue/settle.ts';
import { bodiesOf, failuresOf, startWatchedQueues, type WatchedQueues } from './watched-queues.ts';

describe('settling a batch of messages of which some are postponed', () => {
  let watched: WatchedQueues;
  beforeAll(async () => {
    watched = await startWatchedQueues();
  });
  beforeEach(() => watched.renew());
  afterAll(() => watched.close());

  const now = Date.UTC(2026, 0, 1);
  const postponed: Settlement = { kind: 'postponed', until: now + 30_000, error: new Error('no budget') };
  const nth = (record: SQSRecord, count: number) => ({
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: String(count) },
  });
  const settled = (records: SQSRecord[], drawn = 0, to = watched.queues) =>
    settle(
      records,
      records.map(() => postponed),
      to,
      () => drawn,
      () => now,
    );

  it.each([
    [1, 0, 30],
    [4, 0, 30],
    [4, 1, 35],
  ])('brings it back then, after receive %d and a draw of %d', async (count, drawn, seconds) => {
    const [record] = await watched.received('a');
    expect(await settled([nth(record!, count)], drawn)).toEqual(failuresOf(record!));
    const pause = watched.sqs.pauses(watched.queues.url).get(record!.messageId) ?? 0;
    expect(pause).toBeLessThanOrEqual(seconds * 1000);
    expect(pause).toBeGreaterThan((seconds - 1) * 1000);
  });

  it.each([5, 6])(
    'sends it anew after receive %d, so that it does not end in the dead letters',
    async (count) => {
      const [record] = await watched.received('a');
      expect(await settled([nth(record!, count)])).toEqual(failuresOf());
      expect(watched.requests).toEqual(['SendMessageBatchCommand']);
      // As Lambda does with what was not reported as failed.
      const { receiptHandle: ReceiptHandle } = record!;
      await watched.sqs.client.send(
        new DeleteMessageCommand({ QueueUrl: watched.queues.url, ReceiptHandle }),
      );
      expect(await watched.sqs.receive(watched.queues.url)).toEqual([]);
      expect(await watched.sqs.receive(watched.queues.deadLettersUrl)).toEqual([]);
      expect(watched.sqs.delays(watched.queues.url)).toEqual([expect.closeTo(30_000, -3)]);
    },
  );

  it('delays it for as long as SQS can when that is not enough', async () => {
    const [record] = await watched.received('a');
    const late: Settlement = { ...postponed, until: now + 3_600_000 };
    await settle(
      [nth(record!, 5)],
      [late],
      watched.queues,
      () => 0,
      () => now,
    );
    expect(watched.sqs.delays(watched.queues.url)).toEqual([expect.closeTo(900_000, -3)]);
  });

  it('keeps it where it cannot be sent', async () => {
    const [record] = await watched.received('a');
    const nowhere = { ...watched.queues, url: `${watched.sqs.endpoint}/000000000000/nowhere` };
    expect(await settled([nth(record!, 5)], 0, nowhere)).toEqual(failuresOf(record!));
  });

  it('brings it back at once when that time is past', async () => {
    const [record] = await watched.received('a');
    const past: Settlement = { ...postponed, until: now - 1000 };
    expect(
      await settle(
        [record!],
        [past],
        watched.queues,
        () => 0,
        () => now,
      ),
    ).toEqual(failuresOf(record!));
    expect(bodiesOf(await watched.sqs.receive(watched.queues.url))).toEqual(['a']);
  });
});
