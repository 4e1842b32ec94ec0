import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { Unreachable } from '../../functions/lambda/problem.ts';
import { objectId } from '../conversations/asked.ts';
import { lambdaContext } from './invocation.ts';
import { writtenLines, type WrittenLine } from './written-lines.ts';

const began = Date.parse('2026-01-01T00:00:00Z');
const trace = '1-67891233-abcdef012345678912345678';
const record = (messageId: string, age: number, header?: string) =>
  ({
    messageId,
    body: '{"conversation":{"name":"Private"}}',
    attributes: {
      SentTimestamp: String(began - age * 1000),
      ApproximateReceiveCount: '2',
      ...(header !== undefined && { AWSTraceHeader: header }),
    },
  }) as unknown as SQSRecord;
const known = {
  organisation: objectId(1),
  source: 'tickets',
  delivery: 'event-1',
  conversation: objectId(2),
};

describe('the log of messages', () => {
  let MessageLog: (typeof import('../../functions/lambda/message-log.ts'))['MessageLog'];
  let metrics: (typeof import('../../functions/lambda/metrics.ts'))['metrics'];
  let written: () => WrittenLine[];
  beforeAll(async () => {
    delete process.env['POWERTOOLS_LOG_LEVEL'];
    written = writtenLines();
    ({ MessageLog } = await import('../../functions/lambda/message-log.ts'));
    ({ metrics } = await import('../../functions/lambda/metrics.ts'));
  });
  beforeEach(() => {
    metrics.flush('request-1');
    written();
  });
  afterAll(() => void jest.restoreAllMocks());

  const open = (...records: SQSRecord[]) =>
    new MessageLog(
      records,
      records.map(() => known),
      lambdaContext,
      began,
    );
  const linesOf = (message: string) => {
    const lines = written();
    expect(JSON.stringify(lines)).not.toContain('Private');
    return lines.filter((line) => line['message'] === message);
  };
  const metricsOf = () => written().filter((line) => line['_aws']);

  it('has a line when one comes in, with its trace and all that is known of it', () => {
    open(record('a', 3, `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1`), record('b', 0));
    expect(linesOf('message in')).toEqual([
      expect.objectContaining({
        ...known,
        messageId: 'a',
        requestId: lambdaContext.awsRequestId,
        function: 'function',
        trace,
        receives: 2,
        age: 3,
      }),
      expect.objectContaining({ ...known, messageId: 'b', age: 0 }),
    ]);
  });

  it('has a line when one is settled: what became of it, as loud as that is', () => {
    const log = open(record('a', 0), record('b', 0), record('c', 0), record('d', 0));
    written();
    log.settled(
      [
        { kind: 'done' },
        { kind: 'permanent', reason: 'held by jane@example.com' },
        { kind: 'retryable', error: new Error('throttled') },
        { kind: 'postponed', error: new Error('no budget') },
      ],
      [[{ ...known, tally: { created: 1 } }], [{ ...known, tally: { conflict: 1 } }], [], []],
    );
    expect(linesOf('message out')).toMatchObject([
      {
        ...known,
        level: 'INFO',
        messageId: 'a',
        settled: 'done',
        outcome: 'created',
        ms: expect.any(Number),
      },
      {
        level: 'ERROR',
        messageId: 'b',
        settled: 'permanent',
        outcome: 'conflict',
        reason: 'held by (address)',
      },
      { level: 'WARN', messageId: 'c', settled: 'retryable', error: { message: 'throttled' } },
      { level: 'WARN', messageId: 'd', settled: 'postponed', error: { message: 'no budget' } },
    ]);
  });

  it('tells of a batch how many became what, and of what was handed over what became of each part', () => {
    const log = open(record('a', 0), record('b', 0));
    written();
    const job = {
      organisation: objectId(1),
      job: objectId(3),
      askedAt: '2026-01-01T00:00:00.000Z',
      batch: 1,
    };
    const letters = [{ body: 'Private', reason: 'refused' }];
    log.settled(
      [{ kind: 'done' }, { kind: 'done', letters }],
      [
        [{ ...job, tally: { created: 98, failed: 2 } }],
        [
          { ...job, tally: { created: 1 } },
          { ...known, tally: { failed: 1 } },
        ],
      ],
    );
    expect(linesOf('message out')).toMatchObject([
      { level: 'INFO', outcomes: { created: 98, failed: 2 } },
      {
        level: 'ERROR',
        reason: 'refused',
        parts: [
          { ...job, outcome: 'created' },
          { ...known, outcome: 'failed' },
        ],
      },
    ]);
  });

  it('tells of every message that it failed when the invocation does, and lets it fail', async () => {
    const log = open(record('a', 0), record('b', 0));
    written();
    await expect(log.during(() => Promise.reject(new Error('no code')))).rejects.toThrow('no code');
    const lines = written();
    const failed = { message: 'message out', settled: 'retryable', error: { message: 'no code' } };
    expect(lines).toMatchObject([
      { ...failed, messageId: 'a' },
      { ...failed, messageId: 'b' },
      { BatchSize: 2, Failed: 2 },
    ]);
  });

  it('ends with one line of metrics for messages of one source', async () => {
    const log = open(record('a', 3), record('b', 70), record('c', 0));
    const part = (tally: object) => [{ ...known, tally }];
    await log.during(async () =>
      log.settled(
        [
          { kind: 'done' },
          { kind: 'permanent', reason: 'no' },
          { kind: 'retryable', error: new Error('no') },
        ],
        [part({ created: 1 }), part({ conflict: 1 }), part({ failed: 1 })],
      ),
    );
    expect(metricsOf()).toEqual([
      {
        _aws: expect.anything(),
        Stage: 'test',
        Function: 'function',
        requestId: lambdaContext.awsRequestId,
        Source: 'tickets',
        BatchSize: 3,
        OldestMessageAge: 70,
        Latency: expect.any(Number),
        Created: 1,
        Failed: 2,
      },
    ]);
  });

  it('counts items that can never be made as refused, what cannot be read as failed, and what is put off as nothing', async () => {
    const log = open(record('a', 0), record('b', 0), record('c', 0));
    const job = { job: objectId(3), askedAt: new Date().toISOString() };
    await log.during(async () =>
      log.settled(
        [
          { kind: 'done' },
          { kind: 'permanent', reason: 'no' },
          { kind: 'postponed', error: new Error('later') },
        ],
        [
          [{ ...job, tally: { created: 3, conflict: 1, failed: 1 } }],
          [],
          [{ ...known, tally: { failed: 1 } }],
        ],
      ),
    );
    expect(metricsOf()).toMatchObject([{ Created: 3, Refused: 2, Failed: 1, BulkBatchAge: 0 }]);
  });

  it('counts a refused key once, however many messages wait for another', async () => {
    class Refused extends Unreachable {
      override get isKeyRefused() {
        return true;
      }
    }
    const postponed = {
      kind: 'postponed',
      error: new Unreachable('later', { cause: new Refused('no') }),
    } as const;
    const log = open(record('a', 0), record('b', 0));
    await log.during(async () => log.settled([postponed, postponed], []));
    expect(metricsOf()).toMatchObject([{ VendorKeyRefused: 1 }]);
  });
});
