import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mintApiKey, type ApiKeyOptions } from '../../functions/access/api-key.ts';
import { ApiKeysTable } from '../../functions/access/api-keys-table.ts';
import { authenticator } from '../../functions/access/authenticate.ts';
import { readRoles } from '../../functions/access/role.ts';
import { author } from '../conversations/asked.ts';
import { problemOf } from '../expect-problem.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';

const began = Date.UTC(2020, 0, 1);

describe('authentication', () => {
  let dynamo: DynamoServer;
  let table: string;
  let keys: ApiKeysTable;
  let lookups: string[];
  let time: number;
  let authenticate: ReturnType<typeof authenticator>;
  beforeAll(async () => {
    dynamo = await startDynamo();
    table = await dynamo.apiKeysTable();
    keys = new ApiKeysTable(dynamo.client, table);
  });
  beforeEach(() => {
    lookups = [];
    time = began;
    const counted = {
      get: (id: string) => {
        lookups.push(id);
        return keys.get(id);
      },
    };
    authenticate = authenticator(counted, () => new Date(time));
  });
  afterAll(() => dynamo.close());

  async function newKey(options: Partial<ApiKeyOptions> = {}) {
    const minted = mintApiKey({ ...author, roles: ['org'], ...options }, new Date(began));
    await keys.put(minted.record);
    return minted;
  }
  const revoke = (id: string) =>
    dynamo.client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: `key#${id}` } } }));
  const refused = async (authorization: string | undefined) => {
    expect(await problemOf(401, () => authenticate(authorization, readRoles))).toMatchObject({
      code: 'unauthorized',
      headers: { 'www-authenticate': 'Bearer' },
    });
  };

  it('tells who calls by a good key', async () => {
    const { key, record } = await newKey({ roles: ['org.user', 'org.hooks'] });
    expect(await authenticate(`Bearer ${key}`, readRoles)).toEqual({
      ...author,
      keyId: record.id,
      roles: ['org.user', 'org.hooks'],
    });
  });

  it.each([
    ['the scheme in lower case', (key: string) => `bearer ${key}`],
    ['the scheme in capitals', (key: string) => `BEARER ${key}`],
    ['more than one blank', (key: string) => `Bearer   ${key}`],
    ['blanks around', (key: string) => `  Bearer ${key} `],
  ])('takes a key with %s', async (_, write) => {
    const { key, record } = await newKey();
    expect(await authenticate(write(key), readRoles)).toMatchObject({ keyId: record.id });
  });

  it.each([
    ['nothing', () => undefined],
    ['an empty text', () => ''],
    ['a scheme alone', () => 'Bearer '],
    ['a key alone', (key: string) => key],
    ['another scheme', (key: string) => `Basic ${key}`],
    ['no blank between', (key: string) => `Bearer${key}`],
    ['no prefix', (key: string) => `Bearer ${key.slice(3)}`],
    ['two keys, as repeated headers arrive', (key: string) => `Bearer ${key},Bearer ${key}`],
    ['two keys, joined with a comma and a blank', (key: string) => `Bearer ${key}, Bearer ${key}`],
    ['two keys of one scheme', (key: string) => `Bearer ${key},${key}`],
    ['two keys and a blank between', (key: string) => `Bearer ${key} ${key}`],
  ])('refuses %s, without looking anything up', async (_, write) => {
    const { key } = await newKey();
    await refused(write(key));
    expect(lookups).toEqual([]);
  });

  it('refuses a key that nobody made', async () => {
    await refused(`Bearer ${mintApiKey({ ...author, roles: ['org'] }).key}`);
  });

  it('refuses the right id with the wrong secret, also while the right one is remembered', async () => {
    const { key, record } = await newKey();
    const forged = `ci_${record.id}_${'A'.repeat(43)}`;
    await refused(`Bearer ${forged}`);
    await authenticate(`Bearer ${key}`, readRoles);
    await refused(`Bearer ${forged}`);
  });

  it('refuses a key that has expired, also one that was good a moment ago', async () => {
    const { key } = await newKey({ expiresAt: new Date(began + 1000).toISOString() });
    await authenticate(`Bearer ${key}`, readRoles);
    time += 1000;
    await refused(`Bearer ${key}`);
  });

  it('looks a key up once a minute', async () => {
    const { key, record } = await newKey();
    for (const moment of [0, 1, 59_999]) {
      time = began + moment;
      await authenticate(`Bearer ${key}`, readRoles);
    }
    expect(lookups).toEqual([record.id]);
    time = began + 60_000;
    await authenticate(`Bearer ${key}`, readRoles);
    expect(lookups).toEqual([record.id, record.id]);
  });

  it('refuses a revoked key at the latest a minute after', async () => {
    const { key, record } = await newKey();
    await authenticate(`Bearer ${key}`, readRoles);
    await revoke(record.id);
    time += 60_000;
    await refused(`Bearer ${key}`);
  });

  it('refuses a key that is marked as revoked, at the latest a minute after', async () => {
    const { key, record } = await newKey();
    await authenticate(`Bearer ${key}`, readRoles);
    await keys.put({ ...record, revokedAt: new Date(time).toISOString() });
    time += 60_000;
    await refused(`Bearer ${key}`);
  });

  it('takes a new key at once, even when it was tried before it was there', async () => {
    const { key, record } = mintApiKey({ ...author, roles: ['org'] });
    await refused(`Bearer ${key}`);
    await keys.put(record);
    expect(await authenticate(`Bearer ${key}`, readRoles)).toMatchObject({ keyId: record.id });
  });

  it('takes up changed roles within a minute', async () => {
    const { key, record } = await newKey({ roles: [] });
    await problemOf(403, () => authenticate(`Bearer ${key}`, readRoles));
    await keys.put({ ...record, roles: ['org'] });
    time += 60_000;
    expect(await authenticate(`Bearer ${key}`, readRoles)).toMatchObject({ roles: ['org'] });
  });

  it('asks for any one of the roles, and names them when there is none', async () => {
    const roleOf = async (role: string) => `Bearer ${(await newKey({ roles: [role] })).key}`;
    for (const role of readRoles) expect(await authenticate(await roleOf(role), readRoles)).toBeDefined();
    const problem = await problemOf(403, async () =>
      authenticate(await roleOf('org.user.conversation.write'), readRoles),
    );
    expect(problem).toMatchObject({ code: 'forbidden', faults: [{ meta: { roles: readRoles } }] });
  });

  it('forgets old keys rather than grow without end, and still takes every one', async () => {
    const many = Array.from({ length: 1001 }, () => mintApiKey({ ...author, roles: ['org'] }));
    const records = new Map(many.map(({ record }) => [record.id, record]));
    const remembering = authenticator({
      get: (id) => {
        lookups.push(id);
        return Promise.resolve(records.get(id));
      },
    });
    for (const { key } of many) await remembering(`Bearer ${key}`, readRoles);
    lookups = [];
    await remembering(`Bearer ${many[1000]!.key}`, readRoles);
    expect(lookups).toEqual([]);
    await remembering(`Bearer ${many[0]!.key}`, readRoles);
    expect(lookups).toEqual([many[0]!.record.id]);
  });

  it('throws what the table throws, and asks it again the next time', async () => {
    const { key } = await newKey();
    let broken = true;
    const flaky = authenticator({
      get: (id) => (broken ? Promise.reject(new Error('The table is away')) : keys.get(id)),
    });
    await expect(flaky(`Bearer ${key}`, readRoles)).rejects.toThrow('The table is away');
    broken = false;
    expect(await flaky(`Bearer ${key}`, readRoles)).toMatchObject(author);
  });
});
