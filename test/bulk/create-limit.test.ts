import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLimit, createsPerMinute, type Counted } from '../../functions/access/create-limit.ts';
import { customer, objectId } from '../conversations/asked.ts';
import { problemOf } from '../expect-problem.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { withFault } from '../servers/faulty-client.ts';

const keyId = objectId(1);
const minute = 60_000;

describe('counting creates', () => {
  // Twenty seconds into a minute.
  const began = Date.UTC(2026, 0, 1, 0, 0, 20);
  const endOfMinute = began / 1000 + 40;
  let dynamo: DynamoServer;
  let table: string;
  let time: number;
  let count: (key: string, of: string) => Promise<Counted>;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  beforeEach(async () => {
    // The same keys as the table of API keys: `pk` alone.
    table = await dynamo.apiKeysTable();
    time = began;
    count = createLimit(dynamo.client, table, () => time);
  });
  afterAll(() => dynamo.close());

  const countMany = async (times: number) => {
    const all: Counted[] = [];
    for (let n = 0; n < times; n++) all.push(await count(keyId, customer));
    return all;
  };
  const remaining = ({ headers }: Counted) => Number(headers['x-ratelimit-remaining']);

  it('lets 120 a minute through, and tells how many are left', async () => {
    const all = await countMany(createsPerMinute);
    expect(all[0]!.headers).toEqual({ 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '119' });
    expect(all.map(remaining)).toEqual(Array.from({ length: 120 }, (_, n) => 119 - n));
  });

  it('refuses the 121st until the minute is over, with the time of its end', async () => {
    await countMany(createsPerMinute);
    const problem = await problemOf(429, () => count(keyId, customer));
    expect(problem).toMatchObject({
      code: 'rate_limited',
      headers: {
        'x-ratelimit-limit': '120',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(endOfMinute),
        'retry-after': '40',
      },
      faults: [{ meta: { limit: 120, reset: endOfMinute } }],
    });
    time = endOfMinute * 1000 - 1;
    expect((await problemOf(429, () => count(keyId, customer))).headers['retry-after']).toBe('1');
    time = endOfMinute * 1000;
    expect(remaining(await count(keyId, customer))).toBe(119);
  });

  it('does not grow by what it refuses', async () => {
    const all = await countMany(createsPerMinute);
    for (let n = 0; n < 5; n++) await problemOf(429, () => count(keyId, customer));
    await all[0]!.refund();
    expect(remaining(await count(keyId, customer))).toBe(0);
  });

  it('lets exactly 120 of 200 at once through', async () => {
    const settled = await Promise.allSettled(Array.from({ length: 200 }, () => count(keyId, customer)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(120);
  });

  it('counts each customer and each key on its own', async () => {
    await countMany(createsPerMinute);
    expect(remaining(await count(objectId(2), customer))).toBe(119);
    expect(remaining(await count(keyId, objectId(3)))).toBe(119);
  });

  it('gives a refunded create back to its own minute', async () => {
    const [first] = await countMany(2);
    await first!.refund();
    expect(remaining(await count(keyId, customer))).toBe(118);
    time += minute;
    await countMany(1);
    await first!.refund();
    expect(remaining(await count(keyId, customer))).toBe(118);
  });

  it('costs one write a create', async () => {
    const commands: string[] = [];
    const counted = withFault(dynamo.newClient(), async (command, send) => {
      commands.push(command);
      await send();
    });
    await createLimit(counted, table, () => time)(keyId, customer);
    expect(commands).toEqual(['UpdateItemCommand']);
  });

  it('keeps its counters no longer than they are of use', async () => {
    await count(keyId, customer);
    const pk = { S: `customer#${customer}#key#${keyId}#minute#${Math.floor(began / minute)}` };
    const { Item } = await dynamo.client.send(new GetItemCommand({ TableName: table, Key: { pk } }));
    const expires = Number(Item?.['expires']?.N);
    expect(expires).toBeGreaterThan(endOfMinute);
    expect(expires).toBeLessThanOrEqual(endOfMinute + 24 * 3600);
  });

  it('throws what the table throws', async () => {
    const dead = withFault(dynamo.newClient(), () => Promise.reject(new Error('No way there')));
    await expect(createLimit(dead, table)(keyId, customer)).rejects.toThrow('No way there');
  });
});
