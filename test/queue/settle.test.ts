import {
  DeleteMessageCommand,
  type SendMessageBatchCommandInput,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { settle, type Queues, type Settlement } from '../../functions/queue/settle.ts';
import { startSqs, type SqsServer } from '../servers/sqs-server.ts';

const done: Settlement = { kind: 'done' };
const retryable: Settlement = { kind: 'retryable', error: new Error('throttled') };
const permanent = (reason = 'no good'): Settlement => ({ kind: 'permanent', reason });
const bodiesOf = (records: readonly SQSRecord[]) => records.map(({ body }) => body);

describe('settling a batch of messages', () => {
  let sqs: SqsServer;
  let queues: Queues;
  let requests: string[];
  let entries: SendMessageBatchRequestEntry[];
  beforeAll(async () => {
    sqs = await startSqs();
    sqs.client.middlewareStack.add(
      (next, context) => (args) => {
        requests.push(String(context['commandName']));
        if (context['commandName'] === 'SendMessageBatchCommand') {
          entries.push(...((args.input as SendMessageBatchCommandInput).Entries ?? []));
        }
        return next(args);
      },
      { step: 'initialize' },
    );
  });
  beforeEach(() => {
    requests = [];
    entries = [];
    queues = { client: sqs.client, url: sqs.queue(), deadLettersUrl: sqs.queue(), maxReceives: 5 };
  });
  afterAll(() => sqs.close());

  /** Puts the bodies on the queue and receives them, as Lambda would hand them over. */
  async function received(...bodies: string[]): Promise<SQSRecord[]> {
    for (const body of bodies) sqs.put(queues.url, body);
    const records = await sqs.receive(queues.url);
    expect(bodiesOf(records)).toEqual(bodies);
    requests = [];
    return records;
  }
  const failuresOf = (...records: SQSRecord[]) => ({
    batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });

  it('leaves what is done to Lambda, and asks SQS for nothing', async () => {
    const records = await received('a', 'b');
    expect(await settle(records, [done, done], queues)).toEqual({ batchItemFailures: [] });
    expect(await settle([], [], queues)).toEqual({ batchItemFailures: [] });
    expect(requests).toEqual([]);
  });

  it('sends what can never succeed to the dead letters at once, whole and with its reason', async () => {
    const body = '{"é": "\\u0000"}\n';
    const records = await received('a', body, 'c');
    expect(await settle(records, [done, permanent('not a draft'), done], queues)).toEqual(failuresOf());
    const letters = await sqs.receive(queues.deadLettersUrl);
    expect(letters).toMatchObject([{ body, messageAttributes: { reason: { stringValue: 'not a draft' } } }]);
  });

  it('leaves what it sends once more in the trace that it came with', async () => {
    const header = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1';
    const records = await received('letter', 'anew', 'of no trace');
    for (const { attributes } of records.slice(0, 2)) attributes.AWSTraceHeader = header;
    const postponed = { kind: 'postponed', until: 0, error: new Error('later'), anew: true } as const;
    await settle(records, [permanent(), postponed, permanent()], queues);
    const trace = { AWSTraceHeader: { DataType: 'String', StringValue: header } };
    const sent = entries.map(({ MessageBody, MessageSystemAttributes }) => [
      MessageBody,
      MessageSystemAttributes,
    ]);
    expect(sent).toEqual([
      ['letter', trace],
      ['of no trace', undefined],
      ['anew', trace],
    ]);
  });

  it('keeps what may succeed later on the queue, not among the dead letters', async () => {
    const records = await received('a', 'b', 'c');
    const result = await settle(records, [done, retryable, done], queues, () => 0);
    expect(result).toEqual(failuresOf(records[1]!));
    const again = await sqs.receive(queues.url);
    expect(again).toMatchObject([{ body: 'b', attributes: { ApproximateReceiveCount: '2' } }]);
    expect(await sqs.receive(queues.deadLettersUrl)).toEqual([]);
  });

  it.each([
    ['1', 1, 10],
    ['2', 1, 40],
    ['3', 1, 160],
    ['4', 1, 640],
    ['4', 0.5, 320],
    ['1', 0.01, 1],
  ])('brings it back after receive %s and a draw of %d in %d s', async (count, drawn, seconds) => {
    const [record] = await received('a');
    const nth = { ...record!, attributes: { ...record!.attributes, ApproximateReceiveCount: count } };
    await settle([nth], [retryable], queues, () => drawn);
    const pause = sqs.pauses(queues.url).get(nth.messageId) ?? 0;
    expect(pause).toBeLessThanOrEqual(seconds * 1000);
    expect(pause).toBeGreaterThan((seconds - 1) * 1000);
  });

  describe('of which some are postponed', () => {
    const now = Date.UTC(2026, 0, 1);
    const postponed: Settlement = { kind: 'postponed', until: now + 30_000, error: new Error('no budget') };
    const nth = (record: SQSRecord, count: number) => ({
      ...record,
      attributes: { ...record.attributes, ApproximateReceiveCount: String(count) },
    });
    const settled = (records: SQSRecord[], drawn = 0, to = queues) =>
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
      const [record] = await received('a');
      expect(await settled([nth(record!, count)], drawn)).toEqual(failuresOf(record!));
      const pause = sqs.pauses(queues.url).get(record!.messageId) ?? 0;
      expect(pause).toBeLessThanOrEqual(seconds * 1000);
      expect(pause).toBeGreaterThan((seconds - 1) * 1000);
    });

    it.each([5, 6])(
      'sends it anew after receive %d, so that it does not end in the dead letters',
      async (count) => {
        const [record] = await received('a');
        expect(await settled([nth(record!, count)])).toEqual(failuresOf());
        expect(requests).toEqual(['SendMessageBatchCommand']);
        // As Lambda does with what was not reported as failed.
        const { receiptHandle: ReceiptHandle } = record!;
        await sqs.client.send(new DeleteMessageCommand({ QueueUrl: queues.url, ReceiptHandle }));
        expect(await sqs.receive(queues.url)).toEqual([]);
        expect(await sqs.receive(queues.deadLettersUrl)).toEqual([]);
        expect(sqs.delays(queues.url)).toEqual([expect.closeTo(30_000, -3)]);
      },
    );

    it('delays it for as long as SQS can when that is not enough', async () => {
      const [record] = await received('a');
      const late: Settlement = { ...postponed, until: now + 3_600_000 };
      await settle(
        [nth(record!, 5)],
        [late],
        queues,
        () => 0,
        () => now,
      );
      expect(sqs.delays(queues.url)).toEqual([expect.closeTo(900_000, -3)]);
    });

    it('keeps it where it cannot be sent', async () => {
      const [record] = await received('a');
      const nowhere = { ...queues, url: `${sqs.endpoint}/000000000000/nowhere` };
      expect(await settled([nth(record!, 5)], 0, nowhere)).toEqual(failuresOf(record!));
    });

    it('brings it back at once when that time is past', async () => {
      const [record] = await received('a');
      const past: Settlement = { ...postponed, until: now - 1000 };
      expect(
        await settle(
          [record!],
          [past],
          queues,
          () => 0,
          () => now,
        ),
      ).toEqual(failuresOf(record!));
      expect(bodiesOf(await sqs.receive(queues.url))).toEqual(['a']);
    });
  });

  it('keeps a message of which nothing is known', async () => {
    const records = await received('a', 'b');
    expect(await settle(records, [done], queues, () => 0)).toEqual(failuresOf(records[1]!));
  });

  it('settles a hundred messages in tens, each in its own way', async () => {
    const bodies = Array.from({ length: 100 }, (_, index) => `message ${index}`);
    const records = await received(...bodies);
    const settlements = bodies.map((_, index) => [done, permanent(), retryable, permanent()][index % 4]!);
    const kept = records.filter((_, index) => index % 4 === 2);
    expect(await settle(records, settlements, queues, () => 0)).toEqual(failuresOf(...kept));
    expect(requests.toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'ChangeMessageVisibilityBatchCommand'),
      ...Array.from({ length: 5 }, () => 'SendMessageBatchCommand'),
    ]);
    const letters = await sqs.receive(queues.deadLettersUrl);
    expect(bodiesOf(letters).toSorted()).toEqual(bodies.filter((_, index) => index % 2 === 1).toSorted());
    expect(bodiesOf(await sqs.receive(queues.url)).toSorted()).toEqual(bodiesOf(kept).toSorted());
  });

  it('keeps on the queue what the dead letters cannot take, and goes on with the rest', async () => {
    const records = await received('a', 'b', 'c');
    const nowhere = { ...queues, deadLettersUrl: `${sqs.endpoint}/000000000000/nowhere` };
    const result = await settle(records, [permanent(), retryable, done], nowhere, () => 0);
    expect(new Set(result.batchItemFailures)).toEqual(
      new Set(failuresOf(records[0]!, records[1]!).batchItemFailures),
    );
    expect(bodiesOf(await sqs.receive(queues.url))).toEqual(['b']);
    expect(sqs.pauses(queues.url).get(records[0]!.messageId)).toBeGreaterThan(0);
  });

  it('still keeps a message whose pause cannot be set', async () => {
    const records = await received('a');
    const gone = { ...queues, url: `${sqs.endpoint}/000000000000/nowhere` };
    expect(await settle(records, [retryable], gone)).toEqual(failuresOf(...records));
  });

  it('sends dead letters that are too large for one request together in several', async () => {
    const bodies = Array.from({ length: 10 }, (_, index) => `${index}${'x'.repeat(200_000)}`);
    const records = await received(...bodies);
    expect(
      await settle(
        records,
        bodies.map(() => permanent()),
        queues,
      ),
    ).toEqual(failuresOf());
    expect(await sqs.receive(queues.deadLettersUrl)).toHaveLength(10);
  });

  it.each([
    ['long', 'x'.repeat(100_000)],
    ['full of what SQS does not take', 'a\0b\u0001\ud800\uffff'],
    ['cut within a surrogate pair', `x${'🦀'.repeat(1000)}`],
  ])('writes a reason that is %s in characters that SQS takes', async (_, reason) => {
    const records = await received('a', 'b');
    expect(await settle(records, [permanent(reason), permanent('other')], queues)).toEqual(failuresOf());
    const letters = await sqs.receive(queues.deadLettersUrl);
    expect(bodiesOf(letters)).toEqual(['a', 'b']);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(letters[0]?.messageAttributes['reason']?.stringValue).toMatch(
      /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u,
    );
  });
});
