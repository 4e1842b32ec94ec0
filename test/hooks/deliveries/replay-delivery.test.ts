import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoStore } from '../../../functions/conversations/dynamo-store.ts';
import { DeliveriesTable } from '../../../functions/hooks/deliveries-table.ts';
import { asItStands } from '../../../functions/hooks/delivery-list.ts';
import type { DeliveryEntry } from '../../../functions/hooks/delivery-record.ts';
import { DeliveryVerdicts } from '../../../functions/hooks/delivery-verdicts.ts';
import { replayDelivery } from '../../../functions/hooks/replay-delivery.ts';
import type { AnySource } from '../../../functions/hooks/source.ts';
import { asked, author, objectId } from '../../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { withFault } from '../../servers/faulty-client.ts';
import { ticket, ticketSource } from './a-ticket-source.ts';
import { clock, entry, owner } from './an-entry.ts';

const noBucket = { put: async () => {}, get: async () => Buffer.alloc(0) };

describe('a delivery that is replayed', () => {
  let dynamo: DynamoServer;
  let store: DynamoStore;
  let deliveries: DeliveriesTable;
  let verdicts: DeliveryVerdicts;
  const queued: unknown[] = [];
  const queue = {
    send: async (message: unknown) => void queued.push(message),
    sendAll: async (messages: readonly unknown[]) => void queued.push(...messages),
  };
  beforeAll(async () => {
    dynamo = await startDynamo();
    const [table, conversations] = await Promise.all([dynamo.deliveriesTable(), dynamo.conversationsTable()]);
    store = new DynamoStore(dynamo.client, conversations);
    deliveries = new DeliveriesTable(dynamo.client, table, noBucket, clock('2026-03-01T10:00:00Z').now);
    verdicts = new DeliveryVerdicts(dynamo.client, table);
  });
  afterAll(() => dynamo.close());

  const find = async (event: string) => (await deliveries.find({ ...owner, event }))!;
  const stands = async (event: string) =>
    asItStands(await find(event), async (org, id) => (await store.find(org, id))?.origin);
  /** Receives an event that is kept with this result, and replays it with a source. */
  async function replayed(event: string, kept: Partial<DeliveryEntry>, source: AnySource, again?: string) {
    await deliveries.record(entry(event, { body: ticket(event), ...kept }));
    return await replay(event, source, again);
  }
  const replay = async (event: string, source: AnySource, again?: string) =>
    replayDelivery(
      source,
      await stands(event),
      { author, ...(again !== undefined && { again }) },
      { store, queue, verdicts },
    );

  it('is mapped from its body as its source is by now, and then is what it became', async () => {
    const broken = { verdict: 'failed', error: 'TypeError' } as const;
    const handled = await replayed('mended', broken, ticketSource());
    expect(handled).toMatchObject({ event: 'mended', verdict: 'created' });
    const conversation = await store.find(author.org, handled.conversation!);
    expect(conversation).toMatchObject({
      name: 'Ticket mended',
      origin: 'hook#tickets#mended',
      createdBy: author.user,
    });
    const record = await find('mended');
    expect(record).toMatchObject({ verdict: 'created', conversation: handled.conversation, attempts: 1 });
    expect(record).not.toHaveProperty('error');
    expect(record.delivery.body).toEqual(ticket('mended'));
  });

  it('changes nothing when it was a success, however often', async () => {
    await replayed('success', { verdict: 'queued' }, ticketSource());
    const before = [
      await find('success'),
      await store.find(author.org, (await find('success')).conversation!),
    ];
    for (let times = 0; times < 3; times++) {
      expect(await replay('success', ticketSource())).toMatchObject({ verdict: 'repeated' });
    }
    const after = [
      await find('success'),
      await store.find(author.org, (await find('success')).conversation!),
    ];
    expect(after).toEqual(before);
    expect(before[0]).toMatchObject({ verdict: 'created', attempts: 1 });
  });

  it('makes no second conversation when its source would make something else of it today', async () => {
    const { conversation } = await replayed('changed', { verdict: 'failed' }, ticketSource());
    const record = await find('changed');
    const made = { event: 'changed', verdict: 'repeated', conversation };
    for (const source of [
      ticketSource((name) => ({ customer: { externalId: 'somebody' }, name, externalId: 'other' })),
      ticketSource(undefined, () => false),
      ticketSource(() => ({ customer: { email: 'nobody' } })),
      ticketSource(() => {
        throw new TypeError('broken');
      }),
    ]) {
      expect(await replay('changed', source)).toEqual(made);
      expect(await find('changed')).toEqual(record);
    }
    expect(await store.findByExternalId(author.org, 'other')).toBeUndefined();
  });

  it('makes the conversation of a success anew where that is lost', async () => {
    const lost = { verdict: 'queued', conversation: objectId(7) } as const;
    const { conversation } = await replayed('lost', lost, ticketSource());
    await verdicts.change({ ...owner, event: 'lost' }, { verdict: 'created', conversation: conversation! });
    const elsewhere = new DynamoStore(dynamo.client, await dynamo.conversationsTable());
    const kept = await find('lost');
    await replayDelivery(ticketSource(), kept, { author }, { store: elsewhere, queue, verdicts });
    expect(await elsewhere.find(author.org, conversation!)).toMatchObject({ name: 'Ticket lost' });
  });

  it.each([
    ['ignored', ticketSource(undefined, () => false), 'ignored', undefined, undefined],
    [
      'misfit',
      ticketSource(() => ({ customer: { email: 'x' } })),
      'rejected',
      422,
      '/customer/email must be an email address',
    ],
    [
      'thrown',
      ticketSource(() => {
        throw new TypeError('title is not iterable');
      }),
      'failed',
      500,
      'TypeError: title is not iterable',
    ],
  ] as const)(
    'may be %s by its source still, and then says so',
    async (event, source, verdict, status, error) => {
      const handled = await replayed(event, { verdict: 'failed', error: 'before' }, source);
      expect(handled).toMatchObject({ verdict });
      expect(handled.problem?.status).toBe(status);
      const record = await find(event);
      expect(record).toMatchObject({ verdict, attempts: 1 });
      expect(record.error).toBe(error);
    },
  );

  it('is refused as a conflict while another holds its externalId, and says so', async () => {
    const held = asked('holder', { externalId: 'held' });
    await store.create(held);
    const source = ticketSource(() => ({ customer: { externalId: 'somebody' }, externalId: 'held' }));
    const handled = await replayed('conflict', { verdict: 'rejected' }, source);
    expect(handled.problem).toMatchObject({ status: 409, faults: [{ meta: { id: held.id } }] });
    expect(await find('conflict')).toMatchObject({
      verdict: 'failed',
      error: expect.stringContaining(held.id),
    });
  });

  it('makes another conversation with each new text of again, and leaves the record alone', async () => {
    const source = ticketSource((name) => ({
      customer: { externalId: 'somebody' },
      name,
      externalId: 'one',
    }));
    const { conversation } = await replayed('twice', { verdict: 'queued' }, source);
    const record = await find('twice');
    const first = await replay('twice', source, 'a');
    const second = await replay('twice', source, 'b');
    expect([first.verdict, second.verdict]).toEqual(['created', 'created']);
    expect(new Set([conversation, first.conversation, second.conversation]).size).toBe(3);
    const made = await store.find(author.org, first.conversation!);
    expect(made).toMatchObject({ name: 'Ticket twice', origin: 'hook#tickets#twice#again#a' });
    expect(made).not.toHaveProperty('externalId');
    expect(await replay('twice', source, 'a')).toMatchObject({
      verdict: 'repeated',
      conversation: first.conversation,
    });
    expect(await find('twice')).toEqual(record);
  });

  it('leaves the record alone when another conversation cannot be made', async () => {
    await deliveries.record(
      entry('not-again', { verdict: 'ignored', body: ticket('not-again', { title: 1 }) }),
    );
    const handled = await replay('not-again', ticketSource(), 'a');
    expect(handled.problem).toMatchObject({ status: 422, faults: [{ pointer: '/title' }] });
    expect(await find('not-again')).toMatchObject({ verdict: 'ignored' });
  });

  it('goes on the queue when the conversations are out of reach', async () => {
    const away = new DynamoStore(
      withFault(dynamo.newClient(), () => Promise.reject(new Error('away'))),
      'conversations',
    );
    await deliveries.record(entry('later', { verdict: 'failed', body: ticket('later') }));
    const kept = await find('later');
    queued.length = 0;
    const handled = await replayDelivery(ticketSource(), kept, { author }, { store: away, queue, verdicts });
    expect(handled).toMatchObject({ verdict: 'queued' });
    expect(queued).toMatchObject([{ version: 1, conversation: { id: handled.conversation } }]);
    expect(await find('later')).toMatchObject({ verdict: 'queued', conversation: handled.conversation });
  });

  it('keeps its record under the id that it was kept with, when its event has another by now', async () => {
    const kept = entry('sha256:0', { verdict: 'rejected', body: ticket('readable') });
    await deliveries.record(kept);
    expect(await replay('sha256:0', ticketSource())).toMatchObject({ event: 'sha256:0', verdict: 'created' });
    expect(await find('sha256:0')).toMatchObject({ verdict: 'created' });
    expect(await deliveries.find({ ...owner, event: 'readable' })).toBeUndefined();
  });
});
