import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { openConsumer, type Consumer } from './consumer.ts';

jest.setTimeout(30_000);

describe('write-drafts before Kustomer, with a message alone', () => {
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = await openConsumer();
  }, 90_000);
  beforeEach(() => consumer.proxy.reset());
  afterAll(() => consumer.close());

  /** Lets the function have a message; resolves to the record if it stays on the queue. */
  async function run(conversation: Conversation, receives = 1): Promise<SQSRecord | undefined> {
    consumer.sqs.put(consumer.queue, JSON.stringify({ version: 1, conversation }));
    return (await consumer.run({ receives }))[0];
  }
  const pauseOf = (record: SQSRecord | undefined) =>
    consumer.sqs.pauses(consumer.queue).get(record?.messageId ?? '') ?? 0;
  const letters = () => consumer.sqs.receive(consumer.deadLetters);
  const reset = () => String(Math.floor(Date.now() / 1000) + 60);

  it('leaves it for five minutes while there is no key, or none that is taken', async () => {
    for (const value of [undefined, 'ci_bad']) {
      if (value !== undefined) await consumer.useKey(value);
      const pause = pauseOf(await run(delivered('no key')));
      expect(pause).toBeGreaterThan(290_000);
      expect(pause).toBeLessThan(310_000);
    }
    expect(await letters()).toEqual([]);
  });

  it('takes up the key once it is set, and makes the conversation there', async () => {
    await consumer.useKey(await consumer.vendor.newOrganisation());
    expect(await run(delivered('first'))).toBeUndefined();
    expect(await consumer.find(delivered('first').id)).toMatchObject({ id: delivered('first').id });
    expect(await run(delivered('first'))).toBeUndefined();
  });

  it('sends what the vendor refuses to the dead letters, with the vendor’s own words', async () => {
    consumer.proxy.spoil('POST', {
      status: 400,
      body: '{"errors":[{"code":"badparam","title":"No such attribute"}]}',
    });
    expect(await run(delivered('refused'))).toBeUndefined();
    expect(await letters()).toMatchObject([
      { messageAttributes: { reason: { stringValue: 'Problem: No such attribute' } } },
    ]);
  });

  it('brings it back as ever when no answer comes', async () => {
    consumer.proxy.spoil('POST', 'reset before', 'reset before', 'reset before');
    expect(pauseOf(await run(delivered('silent')))).toBeLessThanOrEqual(10_000);
  });

  it('leaves it until the reset after a 429', async () => {
    consumer.proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset() } });
    const pause = pauseOf(await run(delivered('limited')));
    expect(pause).toBeGreaterThan(55_000);
    expect(pause).toBeLessThan(70_000);
  });

  it('sends it anew instead of letting a limit be its last receive', async () => {
    // The budget is still used up: nothing is asked of the vendor.
    expect(await run(delivered('limited to the last'), 5)).toBeUndefined();
    expect(consumer.proxy.seen).toEqual([]);
    expect(consumer.sqs.delays(consumer.queue)).toHaveLength(1);
    expect(await letters()).toEqual([]);
  });
});
