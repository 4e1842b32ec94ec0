import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { delivered } from '../../conformance/conversation-store-create.ts';
import { asked, objectId } from '../../conversations/asked.ts';
import { events, messageOf, openBulkConsumer, type BulkConsumer } from './bulk-consumer.ts';

jest.setTimeout(60_000);

describe('write-drafts before Kustomer, with what was handed over', () => {
  let consumer: BulkConsumer;
  beforeAll(async () => {
    consumer = await openBulkConsumer();
  }, 90_000);
  beforeEach(() => consumer.clear());
  afterAll(() => consumer.close());

  it('looks again after a while when the vendor is still working, however often, and counts no receive for it', async () => {
    consumer.put(...events(5, 'slow').map(messageOf));
    await consumer.run();
    const [due] = await consumer.takeFollowUps();
    const running = { data: [{ attributes: { completed: false } }], meta: { pages: 1 } };
    consumer.proxy.spoil('GET', { status: 200, body: JSON.stringify(running) });
    const at = new Date(Date.now() - 20_000).toISOString();
    consumer.put({ ...due!, handedOver: { ...due!.handedOver, at } });
    expect(await consumer.run()).toEqual([]);
    expect(consumer.followUps()).toHaveLength(1);
    expect(consumer.sqs.delays(consumer.queue)[0]).toBeGreaterThan(15_000);
    await consumer.followUp();
  });

  it.each([
    ['has worked on it for too long', { data: [{ attributes: { completed: false } }], meta: {} }, 200],
    ['does not know it any more', { errors: [{ code: 'notfound', title: 'Not found' }] }, 404],
    [
      'tells nothing of the items',
      { data: [{ attributes: { completed: true, results: [] } }], meta: {} },
      200,
    ],
  ])('creates what is not there yet, one by one, when the vendor %s', async (reason, body, status) => {
    const seven = events(7, `lost as it ${reason}`);
    consumer.put(...seven.map(messageOf));
    // The vendor never has it.
    consumer.proxy.spoil('POST', { status: 201, body: '{"data":{"type":"bulk","id":"lost"}}' });
    await consumer.run();
    const [due] = await consumer.takeFollowUps();
    const answer = { status, body: JSON.stringify(body) };
    const complete = { status: 200, body: '{"data":{"attributes":{"completed":true}}}' };
    consumer.proxy.spoil(
      'GET',
      answer,
      ...('errors' in body || !body.data[0]!.attributes.completed ? [] : [complete]),
    );
    const at = new Date(Date.now() - 700_000).toISOString();
    consumer.put({ ...due!, handedOver: { ...due!.handedOver, at } });
    expect(await consumer.run()).toEqual([]);
    expect(consumer.followUps()).toEqual([]);
    expect(await consumer.areThere(seven)).toBe(true);
    expect(await consumer.letters()).toEqual([]);
  });

  it('asks again about the one that gets no answer, so that the others need not come back for it', async () => {
    const four = events(4, 'one without an answer');
    consumer.put(...four.map(messageOf));
    consumer.proxy.spoil('POST', { status: 201, body: '{"data":{"type":"bulk","id":"lost"}}' });
    await consumer.run();
    const due = await consumer.takeFollowUps();
    const notFound = { status: 404, body: '{"errors":[{"code":"notfound","title":"Not found"}]}' };
    // One read, and its two repetitions; the others go through.
    consumer.proxy.spoil('GET', notFound, 'reset before', 'reset before', 'reset before', 'reset before');
    consumer.proxy.spoil(
      'GET',
      'reset before',
      'reset before',
      'reset before',
      'reset before',
      'reset before',
    );
    consumer.put(...due);
    expect(await consumer.run()).toEqual([]);
    expect(consumer.followUps()).toEqual([]);
    expect(await consumer.areThere(four)).toBe(true);
  });

  it('keeps a refusal to the item that it is about', async () => {
    const holder = asked('holder', { id: objectId(500) });
    consumer.put(messageOf(holder));
    await consumer.run();
    const clash = delivered('clash');
    const taken: Conversation = { ...clash, id: objectId(500), externalId: 'another' };
    const ten = events(10, 'beside');
    consumer.put(...ten.map(messageOf), messageOf(taken));
    await consumer.run();
    await consumer.followUp();
    expect(await consumer.letters()).toEqual([
      { message: messageOf(taken), reason: `the id is held by conversation ${objectId(500)}` },
    ]);
    expect(await consumer.areThere(ten)).toBe(true);
  });
});
