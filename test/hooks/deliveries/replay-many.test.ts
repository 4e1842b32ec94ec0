import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { DeliveriesTable } from '../../../functions/hooks/deliveries-table.ts';
import type { DeliveryEntry } from '../../../functions/hooks/delivery-record.ts';
import { DeliveryVerdicts } from '../../../functions/hooks/delivery-verdicts.ts';
import { replayMany, type ReplayTools } from '../../../functions/hooks/replay-many.ts';
import type { ReplayRequest } from '../../../functions/hooks/replay-request.ts';
import type { DraftMessage } from '../../../functions/queue/draft-message.ts';
import { author, objectId } from '../../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { ticket, ticketSource } from './a-ticket-source.ts';
import { clock, entry, owner } from './an-entry.ts';

const noBucket = { put: async () => {}, get: async () => Buffer.alloc(0) };
const counts = { matched: 0, queued: 0, repeated: 0, ignored: 0, rejected: 0, failed: 0 };
const minute = (number: number) => new Date(Date.UTC(2026, 2, 1, 10, number)).toISOString();

// Hundreds of requests on a machine that may be busy.
jest.setTimeout(30_000);

describe('replaying many deliveries', () => {
  let dynamo: DynamoServer;
  let tools: ReplayTools & { deliveries: DeliveriesTable };
  let sent: Conversation[];
  let failures: unknown[];
  /** Receives these, the first first, a minute after each other. */
  let receive: (...entries: DeliveryEntry[]) => Promise<void>;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.close());
  beforeEach(async () => {
    const table = await dynamo.deliveriesTable();
    sent = [];
    failures = [];
    const time = clock(minute(0));
    tools = {
      deliveries: new DeliveriesTable(dynamo.client, table, noBucket, time.now),
      verdicts: new DeliveryVerdicts(dynamo.client, table),
      queue: {
        sendAll: async (messages: readonly DraftMessage[]) => {
          for (const message of messages) if ('conversation' in message) sent.push(message.conversation);
        },
      },
      originOf: async () => undefined,
      author,
      hasTime: () => true,
      onFailure: (...failure) => failures.push(failure),
    };
    receive = async (...entries) => {
      for (const [index, each] of entries.entries()) {
        time.set(minute(index));
        await tools.deliveries.record(each);
      }
    };
  });
  const failed = (event: string, more: Partial<DeliveryEntry> = {}) =>
    entry(event, { verdict: 'failed', error: 'before', body: ticket(event), ...more });
  const replay = (
    request: Partial<ReplayRequest> = {},
    source = ticketSource(),
    more: Partial<ReplayTools> = {},
  ) =>
    replayMany(
      'tickets',
      source,
      { verdict: 'failed', limit: 100, dryRun: false, ...request },
      { ...tools, ...more },
    );
  const find = async (event: string) => (await tools.deliveries.find({ ...owner, event }))!;
  const verdictsOf = async (...events: string[]) =>
    Promise.all(events.map(async (event) => (await find(event)).verdict));

  it('queues the conversations of those that match, and of no others', async () => {
    await receive(failed('a'), failed('b'), failed('c', { verdict: 'rejected' }), failed('d'));
    expect(await replay()).toEqual({ ...counts, matched: 3, queued: 3 });
    expect(sent.map(({ origin }) => origin)).toEqual(['d', 'b', 'a'].map((event) => `hook#tickets#${event}`));
    expect(await verdictsOf('a', 'b', 'c', 'd')).toEqual(['queued', 'queued', 'rejected', 'queued']);
    const { attempts, conversation, ...record } = await find('a');
    expect({ attempts, conversation }).toEqual({ attempts: 1, conversation: sent.at(-1)!.id });
    expect(record).not.toHaveProperty('error');
    expect(await replay()).toEqual(counts);
  });

  it('counts what became of each, and writes it down', async () => {
    await receive(
      failed('fine'),
      failed('other', { body: ticket('other', { kind: 'note' }) }),
      failed('misfit', { body: ticket('misfit', { title: 1 }) }),
      failed('broken', { body: ticket('broken', { title: 'break' }) }),
    );
    const source = ticketSource((name) => {
      if (name === 'break') throw new TypeError('broken');
      return { customer: { externalId: 'somebody' }, name };
    });
    expect(await replay({}, source)).toEqual({
      matched: 4,
      queued: 1,
      repeated: 0,
      ignored: 1,
      rejected: 1,
      failed: 1,
    });
    expect(await verdictsOf('fine', 'other', 'misfit', 'broken')).toEqual([
      'queued',
      'ignored',
      'rejected',
      'failed',
    ]);
    expect((await find('misfit')).error).toBe('/title must be a string');
    expect((await find('broken')).error).toBe('TypeError: broken');
    expect(failures).toEqual([['broken', new TypeError('broken')]]);
    expect(sent).toHaveLength(1);
  });

  it('changes nothing when it is only tried', async () => {
    await receive(failed('a'), failed('b', { body: ticket('b', { title: 1 }) }));
    const before = [await find('a'), await find('b')];
    expect(await replay({ dryRun: true })).toEqual({ ...counts, matched: 2, queued: 1, rejected: 1 });
    expect([await find('a'), await find('b')]).toEqual(before);
    expect(sent).toEqual([]);
  });

  it('takes as many as it may, the newest first, and tells where to go on', async () => {
    await receive(...Array.from({ length: 7 }, (_, index) => failed(`e${index}`)));
    const first = await replay({ limit: 3 });
    expect(first).toEqual({ ...counts, matched: 3, queued: 3, next: expect.any(String) });
    expect(sent.map(({ name }) => name)).toEqual(['Ticket e6', 'Ticket e5', 'Ticket e4']);
    expect(await replay({ limit: 4, position: first.next! })).toEqual({ ...counts, matched: 4, queued: 4 });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(7);
  });

  it('takes hundreds in one go', async () => {
    await receive(...Array.from({ length: 130 }, (_, index) => failed(`e${index}`)));
    expect(await replay({ limit: 1000 })).toEqual({ ...counts, matched: 130, queued: 130 });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(130);
  });

  it('stops when its time is up, and tells where to go on', async () => {
    await receive(...Array.from({ length: 120 }, (_, index) => failed(`e${index}`)));
    let chunks = 0;
    const first = await replay({ limit: 1000 }, ticketSource(), { hasTime: () => ++chunks < 2 });
    expect(first).toMatchObject({ matched: 100, queued: 100 });
    expect(await replay({ limit: 1000, position: first.next! })).toEqual({
      ...counts,
      matched: 20,
      queued: 20,
    });
  });

  it('takes only those within the times', async () => {
    await receive(failed('a'), failed('b'), failed('c'), failed('d'));
    expect(await replay({ from: minute(1), to: minute(3) })).toMatchObject({ matched: 2 });
    expect(await verdictsOf('a', 'b', 'c', 'd')).toEqual(['failed', 'queued', 'queued', 'failed']);
  });

  it('leaves alone what has its conversation, when the source would make another by now', async () => {
    const other = objectId(5);
    await receive(
      failed('a', { verdict: 'created', conversation: other }),
      failed('b', { conversation: other }),
    );
    const originOf = async () => 'hook#tickets#b';
    const report = await replay({ verdict: 'created' }, ticketSource(), { originOf });
    expect(report).toEqual({ ...counts, matched: 2, repeated: 2 });
    expect(sent).toEqual([]);
    expect(await verdictsOf('a', 'b')).toEqual(['created', 'failed']);
  });

  it('can make lost conversations anew from what was created', async () => {
    await receive(failed('a'));
    await replay();
    const [first] = sent;
    await tools.verdicts.change({ ...owner, event: 'a' }, { verdict: 'created', conversation: first!.id });
    expect(await replay({ verdict: 'created' })).toEqual({ ...counts, matched: 1, queued: 1 });
    expect(sent[1]).toMatchObject({ id: first!.id, origin: first!.origin });
  });

  it('says queued before it sends, and failed when it could not send', async () => {
    await receive(failed('a'), failed('b', { body: ticket('b', { kind: 'note' }) }));
    const seen: unknown[] = [];
    const sendAll = async () => {
      seen.push(...(await verdictsOf('a', 'b')));
      throw new Error('SQS is away');
    };
    await expect(replay({}, ticketSource(), { queue: { sendAll } })).rejects.toThrow('SQS is away');
    expect(seen).toEqual(['queued', 'ignored']);
    expect(await verdictsOf('a', 'b')).toEqual(['failed', 'ignored']);
    expect(await replay()).toEqual({ ...counts, matched: 1, queued: 1 });
  });
});
