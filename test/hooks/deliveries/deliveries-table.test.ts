import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { DeliveriesTable } from '../../../functions/hooks/deliveries-table.ts';
import { deliveryBodies } from '../../../functions/hooks/delivery-bodies.ts';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keyOf } from '../../../functions/hooks/stored-delivery.ts';
import { author, objectId, stranger } from '../../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { startS3, type S3Server } from '../../servers/s3-server.ts';
import { clock, entry, owner } from './an-entry.ts';

const at = '2026-03-01T10:00:00.000Z';
const none = async () => undefined;

/** Bytes that no compression makes smaller: the same each time. */
function incompressible(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let n = 0; n * 32 < length; n++) parts.push(createHash('sha256').update(String(n)).digest());
  return Buffer.concat(parts).subarray(0, length);
}

describe('the table of deliveries', () => {
  let dynamo: DynamoServer;
  let s3: S3Server;
  let table: string;
  let bucket: string;
  let deliveries: DeliveriesTable;
  const time = clock(at);
  beforeAll(async () => {
    [dynamo, s3] = await Promise.all([startDynamo(), startS3()]);
    [table, bucket] = await Promise.all([dynamo.deliveriesTable(), s3.bucket()]);
    const bodies = deliveryBodies(async () => s3.client, bucket);
    deliveries = new DeliveriesTable(dynamo.client, table, bodies, time.now);
  });
  afterAll(() => Promise.all([dynamo.close(), s3.close()]));
  const objects = async () =>
    ((await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(
      ({ Key }) => Key,
    );
  const item = async (event: string) => {
    const { Item } = await dynamo.client.send(
      new GetItemCommand({ TableName: table, Key: keyOf({ ...owner, event }) }),
    );
    return Item;
  };

  it('gives back what was received', async () => {
    const conversation = objectId(1);
    const received = entry('one', {
      verdict: 'created',
      conversation,
      headers: { 'x-event': 'opened, é' },
      body: Buffer.from('{ "title": "é🦀" }\n'),
    });
    await deliveries.record(received);
    const found = await deliveries.find({ ...owner, event: 'one' });
    expect(found).toEqual({
      ...owner,
      event: 'one',
      verdict: 'created',
      conversation,
      receivedAt: at,
      attempts: 1,
      size: received.body.length,
      delivery: new VerifiedDelivery({ headers: received.headers, body: received.body }),
    });
    expect(found?.delivery).toBeInstanceOf(VerifiedDelivery);
    expect(found?.delivery.body).toEqual(received.body);
  });

  it('counts each time that an event comes, keeps when it came first, and otherwise what came last', async () => {
    await deliveries.record(entry('again', { verdict: 'queued', conversation: objectId(2) }));
    time.set('2026-03-01T11:00:00.000Z');
    await deliveries.record(
      entry('again', { verdict: 'rejected', error: '/a is required', body: Buffer.from('{}') }),
    );
    const found = await deliveries.find({ ...owner, event: 'again' });
    expect(found).toMatchObject({ attempts: 2, receivedAt: at, verdict: 'rejected', size: 2 });
    expect(found?.error).toBe('/a is required');
    expect(found).not.toHaveProperty('conversation');
    expect(found?.delivery.body.toString()).toBe('{}');
    time.set(at);
  });

  it('counts those that come at once, none is lost', async () => {
    await Promise.all(Array.from({ length: 20 }, () => deliveries.record(entry('at-once'))));
    expect(await deliveries.find({ ...owner, event: 'at-once' })).toMatchObject({ attempts: 20 });
  });

  it('knows each source’s and each organisation’s apart', async () => {
    await deliveries.record(entry('shared'));
    await deliveries.record(entry('shared', { source: 'others', verdict: 'failed' }));
    expect(await deliveries.find({ ...owner, event: 'shared' })).toMatchObject({ verdict: 'ignored' });
    expect(await deliveries.find({ ...owner, source: 'others', event: 'shared' })).toMatchObject({
      verdict: 'failed',
    });
    expect(await deliveries.find({ ...owner, org: stranger.org, event: 'shared' })).toBeUndefined();
    expect(await deliveries.find({ ...owner, event: 'never' })).toBeUndefined();
  });

  it.each(['a/b#c?d%20', 'é🦀', ' ', 'x'.repeat(512), `sha256:${'0'.repeat(64)}`])(
    'takes the event id %j as it is',
    async (event) => {
      await deliveries.record(entry(event));
      expect(await deliveries.find({ ...owner, event })).toMatchObject({ event, receivedAt: at });
    },
  );

  it('takes an empty body', async () => {
    await deliveries.record(entry('empty', { body: Buffer.alloc(0) }));
    const found = await deliveries.find({ ...owner, event: 'empty' });
    expect(found).toMatchObject({ size: 0 });
    expect(found?.delivery.body).toHaveLength(0);
  });

  it('keeps a body in the table as long as it is small when compressed, however large it is', async () => {
    const body = Buffer.from(JSON.stringify({ text: 'again and again '.repeat(250_000) }));
    expect(body.length).toBeGreaterThan(3_900_000);
    await deliveries.record(entry('compressible', { body }));
    expect((await deliveries.find({ ...owner, event: 'compressible' }))?.delivery.body.equals(body)).toBe(
      true,
    );
    expect(await objects()).toEqual([]);
  });

  it('keeps what is larger in the bucket, also of a limit and a byte, and finds it again', async () => {
    const small = incompressible(299 * 1024);
    await deliveries.record(entry('fits', { body: small }));
    expect(await objects()).toEqual([]);
    const body = incompressible(4 * 1024 * 1024);
    await deliveries.record(entry('large/#', { body }));
    const hashed = createHash('sha256').update('large/#').digest('hex');
    expect(await objects()).toEqual([`${author.org}/tickets/${hashed}`]);
    expect(await item('large/#')).not.toHaveProperty('body');
    const found = await deliveries.find({ ...owner, event: 'large/#' });
    expect(found).toMatchObject({ size: body.length, attempts: 1 });
    expect(found?.delivery.body.equals(body)).toBe(true);
  });

  it('finds the body that came last, wherever the others were kept', async () => {
    const large = incompressible(400_000);
    for (const body of [Buffer.from('{}'), large, Buffer.from('[]')]) {
      await deliveries.record(entry('moves', { body }));
      expect((await deliveries.find({ ...owner, event: 'moves' }))?.delivery.body.equals(body)).toBe(true);
    }
    expect(await item('moves')).not.toHaveProperty('bodyKey');
  });

  it('writes no record of a body that the bucket does not take', async () => {
    const gone = await s3.bucket();
    await s3.client.send(new DeleteBucketCommand({ Bucket: gone }));
    const broken = new DeliveriesTable(
      dynamo.client,
      table,
      deliveryBodies(async () => s3.client, gone),
      time.now,
    );
    await expect(broken.record(entry('unkept', { body: incompressible(400_000) }))).rejects.toThrow();
    expect(await deliveries.find({ ...owner, event: 'unkept' })).toBeUndefined();
    await broken.record(entry('kept'));
    expect(await deliveries.find({ ...owner, event: 'kept' })).toBeDefined();
  });

  it('makes no client of the bucket before one is needed, and then one', async () => {
    let made = 0;
    const connect = async () => {
      made++;
      return s3.client;
    };
    const lazy = new DeliveriesTable(dynamo.client, table, deliveryBodies(connect, bucket), time.now);
    await lazy.record(entry('small'));
    await lazy.find({ ...owner, event: 'small' });
    expect(made).toBe(0);
    await lazy.record(entry('large', { body: incompressible(400_000) }));
    await lazy.find({ ...owner, event: 'large' });
    expect(made).toBe(1);
  });

  it('cuts an error that is longer than 2000 characters, and mends what is no Unicode', async () => {
    await deliveries.record(entry('long', { verdict: 'failed', error: `\ud800${'é'.repeat(3000)}` }));
    const found = await deliveries.find({ ...owner, event: 'long' });
    expect(found?.error).toBe(`\ufffd${'é'.repeat(1998)}…`);
  });

  it('keeps a delivery for 30 days after it came last, and shows it no longer', async () => {
    await deliveries.record(entry('ages'));
    time.set('2026-03-31T09:59:59.000Z');
    expect(await deliveries.find({ ...owner, event: 'ages' })).toBeDefined();
    time.set('2026-03-31T10:00:00.000Z');
    expect(await deliveries.find({ ...owner, event: 'ages' })).toBeUndefined();
    const { records } = await deliveries.list(owner, { pageSize: 100 }, none);
    expect(records.map(({ event }) => event)).toEqual(['again']);
    await deliveries.record(entry('ages'));
    expect(await deliveries.find({ ...owner, event: 'ages' })).toMatchObject({ attempts: 2, receivedAt: at });
    time.set(at);
  });
});
