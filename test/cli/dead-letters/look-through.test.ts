import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { HeldMessages } from '../../../cli/dead-letters/held-messages.ts';
import { lookThrough } from '../../../cli/dead-letters/look-through.ts';
import { startSqs, type SqsServer } from '../../servers/sqs-server.ts';
import { batchMessage, bury, hookMessage, newQueues } from './letters.ts';

// The end of the queue is a second without a message.
jest.setTimeout(20_000);

describe('looking through the dead letters', () => {
  let server: SqsServer;
  beforeAll(async () => {
    server = await startSqs();
  });
  afterAll(() => server.close());

  const going = () => new AbortController().signal;
  /** A queue with so many letters. */
  async function withLetters(count: number, tries?: (command: string) => void) {
    const queues = newQueues(server, tries);
    for (let n = 0; n < count; n++) await bury(server, queues, hookMessage('events', `e-${n}`));
    return queues;
  }

  it('finds nothing on an empty queue', async () => {
    const seen = await lookThrough(await withLetters(0), {}, going());
    expect(seen).toEqual({ letters: [], hidden: 0, missing: [], isCut: false, receives: 0 });
  });

  it('finds all of them, each once, and lets them go', async () => {
    const queues = await withLetters(125);
    const { letters } = await lookThrough(queues, {}, going());
    expect(letters).toHaveLength(125);
    expect(new Set(letters.map(({ event }) => event)).size).toBe(125);
    expect(new Set(server.pauses(queues.deadLetters).values())).toEqual(new Set([0]));
  });

  it('finds those of a source, those since a moment, those with an id, and says which ids are not there', async () => {
    const queues = await withLetters(3);
    await bury(server, queues, batchMessage());
    const find = async (filter: Parameters<typeof lookThrough>[1]) => {
      const { letters, missing } = await lookThrough(queues, filter, going());
      return { ids: letters.map(({ id }) => id), missing };
    };
    const ids = [...server.pauses(queues.deadLetters).keys()];
    expect(await find({ source: 'bulk' })).toEqual({ ids: [ids[3]], missing: [] });
    expect(await find({ since: new Date(Date.now() + 60_000) })).toEqual({ ids: [], missing: [] });
    expect((await find({ since: new Date(Date.now() - 60_000) })).ids).toEqual(ids);
    expect(await find({ ids: [ids[1]!, 'never'] })).toEqual({ ids: [ids[1]], missing: ['never'] });
  });

  it('counts what somebody else holds', async () => {
    const queues = await withLetters(3);
    await server.client.send(
      new ReceiveMessageCommand({ QueueUrl: queues.deadLetters, VisibilityTimeout: 60 }),
    );
    const { letters, hidden } = await lookThrough(queues, {}, going());
    expect({ seen: letters.length, hidden }).toEqual({ seen: 2, hidden: 1 });
  });

  it('lets them go when the queue fails half-way', async () => {
    let receives = 0;
    const queues = await withLetters(60, (command) => {
      if (command === 'ReceiveMessageCommand' && ++receives > 4) throw new Error('gone');
    });
    await expect(lookThrough(queues, {}, going())).rejects.toThrow('gone');
    expect(receives).toBeGreaterThan(4);
    expect(new Set(server.pauses(queues.deadLetters).values())).toEqual(new Set([0]));
  });

  it('lets them go when it is stopped', async () => {
    const stop = new AbortController();
    let receives = 0;
    const queues = await withLetters(30, (command) => {
      if (command === 'ReceiveMessageCommand' && ++receives === 1) stop.abort();
    });
    expect((await lookThrough(queues, {}, stop.signal)).letters).toHaveLength(10);
    expect(receives).toBe(1);
    expect([...server.pauses(queues.deadLetters).values()]).toEqual(Array(30).fill(0));
  });

  it('hides them for a minute at most, and for another while they are held', async () => {
    const queues = await withLetters(1);
    const held = new HeldMessages(queues.client, queues.deadLetters);
    const pause = () => Math.max(...server.pauses(queues.deadLetters).values());
    await held.receive(going()).next();
    const first = pause();
    expect(first).toBeLessThanOrEqual(60_000);
    await held.renew();
    expect(pause()).toBeGreaterThan(first - 1000);
    await held.release();
    expect(pause()).toBe(0);
  });
});
