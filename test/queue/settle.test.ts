import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { settle, type Settlement } from '../../functions/queue/settle.ts';
import { bodiesOf, failuresOf, startWatchedQueues, type WatchedQueues } from './watched-queues.ts';

const done: Settlement = { kind: 'done' };
const retryable: Settlement = { kind: 'retryable', error: new Error('throttled') };
const permanent = (reason = 'no good'): Settlement => ({ kind: 'permanent', reason });

describe('settling a batch of messages', () => {
  let watched: WatchedQueues;
  beforeAll(async () => {
    watched = await startWatchedQueues();
  });
  beforeEach(() => watched.renew());
  afterAll(() => watched.close());

  it('leaves what is done to Lambda, and asks SQS for nothing', async () => {
    const records = await watched.received('a', 'b');
    expect(await settle(records, [done, done], watched.queues)).toEqual({ batchItemFailures: [] });
    expect(await settle([], [], watched.queues)).toEqual({ batchItemFailures: [] });
    expect(watched.requests).toEqual([]);
  });

  it('sends what can never succeed to the dead letters at once, whole and with its reason', async () => {
    const body = '{"é": "\\u0000"}\n';
    const records = await watched.received('a', body, 'c');
    expect(await settle(records, [done, permanent('not a draft'), done], watched.queues)).toEqual(
      failuresOf(),
    );
    const letters = await watched.sqs.receive(watched.queues.deadLettersUrl);
    expect(letters).toMatchObject([{ body, messageAttributes: { reason: { stringValue: 'not a draft' } } }]);
  });

  it('leaves what it sends once more in the trace that it came with', async () => {
    const header = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1';
    const records = await watched.received('letter', 'anew', 'of no trace');
    for (const { attributes } of records.slice(0, 2)) attributes.AWSTraceHeader = header;
    const postponed = { kind: 'postponed', until: 0, error: new Error('later'), anew: true } as const;
    await settle(records, [permanent(), postponed, permanent()], watched.queues);
    const trace = { AWSTraceHeader: { DataType: 'String', StringValue: header } };
    const sent = watched.entries.map(({ MessageBody, MessageSystemAttributes }) => [
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
    const records = await watched.received('a', 'b', 'c');
    const result = await settle(records, [done, retryable, done], watched.queues, () => 0);
    expect(result).toEqual(failuresOf(records[1]!));
    const again = await watched.sqs.receive(watched.queues.url);
    expect(again).toMatchObject([{ body: 'b', attributes: { ApproximateReceiveCount: '2' } }]);
    expect(await watched.sqs.receive(watched.queues.deadLettersUrl)).toEqual([]);
  });

  it.each([
    ['1', 1, 10],
    ['2', 1, 40],
    ['3', 1, 160],
    ['4', 1, 640],
    ['4', 0.5, 320],
    ['1', 0.01, 1],
  ])('brings it back after receive %s and a draw of %d in %d s', async (count, drawn, seconds) => {
    const [record] = await watched.received('a');
    const nth = { ...record!, attributes: { ...record!.attributes, ApproximateReceiveCount: count } };
    await settle([nth], [retryable], watched.queues, () => drawn);
    const pause = watched.sqs.pauses(watched.queues.url).get(nth.messageId) ?? 0;
    expect(pause).toBeLessThanOrEqual(seconds * 1000);
    expect(pause).toBeGreaterThan((seconds - 1) * 1000);
  });

  it('keeps a message of which nothing is known', async () => {
    const records = await watched.received('a', 'b');
    expect(await settle(records, [done], watched.queues, () => 0)).toEqual(failuresOf(records[1]!));
  });

  it('settles a hundred messages in tens, each in its own way', async () => {
    const bodies = Array.from({ length: 100 }, (_, index) => `message ${index}`);
    const records = await watched.received(...bodies);
    const settlements = bodies.map((_, index) => [done, permanent(), retryable, permanent()][index % 4]!);
    const kept = records.filter((_, index) => index % 4 === 2);
    expect(await settle(records, settlements, watched.queues, () => 0)).toEqual(failuresOf(...kept));
    expect(watched.requests.toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'ChangeMessageVisibilityBatchCommand'),
      ...Array.from({ length: 5 }, () => 'SendMessageBatchCommand'),
    ]);
    const letters = await watched.sqs.receive(watched.queues.deadLettersUrl);
    expect(bodiesOf(letters).toSorted()).toEqual(bodies.filter((_, index) => index % 2 === 1).toSorted());
    expect(bodiesOf(await watched.sqs.receive(watched.queues.url)).toSorted()).toEqual(
      bodiesOf(kept).toSorted(),
    );
  });

  it('keeps on the queue what the dead letters cannot take, and goes on with the rest', async () => {
    const records = await watched.received('a', 'b', 'c');
    const nowhere = { ...watched.queues, deadLettersUrl: `${watched.sqs.endpoint}/000000000000/nowhere` };
    const result = await settle(records, [permanent(), retryable, done], nowhere, () => 0);
    expect(new Set(result.batchItemFailures)).toEqual(
      new Set(failuresOf(records[0]!, records[1]!).batchItemFailures),
    );
    expect(bodiesOf(await watched.sqs.receive(watched.queues.url))).toEqual(['b']);
    expect(watched.sqs.pauses(watched.queues.url).get(records[0]!.messageId)).toBeGreaterThan(0);
  });

  it('still keeps a message whose pause cannot be set', async () => {
    const records = await watched.received('a');
    const gone = { ...watched.queues, url: `${watched.sqs.endpoint}/000000000000/nowhere` };
    expect(await settle(records, [retryable], gone)).toEqual(failuresOf(...records));
  });

  it('sends dead letters that are too large for one request together in several', async () => {
    const bodies = Array.from({ length: 10 }, (_, index) => `${index}${'x'.repeat(200_000)}`);
    const records = await watched.received(...bodies);
    expect(
      await settle(
        records,
        bodies.map(() => permanent()),
        watched.queues,
      ),
    ).toEqual(failuresOf());
    expect(await watched.sqs.receive(watched.queues.deadLettersUrl)).toHaveLength(10);
  });

  it.each([
    ['long', 'x'.repeat(100_000)],
    ['full of what SQS does not take', 'a\0b\u0001\ud800\uffff'],
    ['cut within a surrogate pair', `x${'🦀'.repeat(1000)}`],
  ])('writes a reason that is %s in characters that SQS takes', async (_, reason) => {
    const records = await watched.received('a', 'b');
    expect(await settle(records, [permanent(reason), permanent('other')], watched.queues)).toEqual(
      failuresOf(),
    );
    const letters = await watched.sqs.receive(watched.queues.deadLettersUrl);
    expect(bodiesOf(letters)).toEqual(['a', 'b']);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(letters[0]?.messageAttributes['reason']?.stringValue).toMatch(
      /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u,
    );
  });
});
