import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { asked, objectId } from '../conversations/asked.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { dyingAfterPuts, withFault } from '../servers/faulty-client.ts';
import { askedWithKey, idempotencyRules } from '../conformance/idempotency-rules.ts';

describe('an Idempotency-Key in DynamoStore', () => {
  const began = Date.UTC(2020, 0, 1);
  const quarter = 15 * 60 * 1000;
  let dynamo: DynamoServer;
  let table: string;
  let store: DynamoStore;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  beforeEach(async () => {
    table = await dynamo.conversationsTable();
    store = new DynamoStore(dynamo.client, table);
  });
  afterAll(() => dynamo.close());

  idempotencyRules(() => store);

  const storeAt = (time: number) => new DynamoStore(dynamo.client, table, () => time);
  const whole = askedWithKey('key', { id: objectId(1), externalId: 'order-1' });

  it.each([0, 1, 2])(
    'finishes a create that died after %d of its three puts when it is repeated',
    async (puts) => {
      const dying = withFault(dynamo.newClient(), dyingAfterPuts(puts));
      await expect(new DynamoStore(dying, table).create(whole)).rejects.toThrow('The function died');
      expect(await store.create(whole)).toEqual({ kind: 'created', conversation: whole });
      expect(await store.create(whole)).toEqual({ kind: 'repeated', conversation: whole });
    },
  );

  it('keeps the key of a create that died for 15 minutes, then gives it to another body', async () => {
    const dying = withFault(dynamo.newClient(), dyingAfterPuts(1));
    await expect(new DynamoStore(dying, table, () => began).create(whole)).rejects.toThrow(
      'The function died',
    );
    const other = askedWithKey('key', { name: 'Other' });
    const reused = { kind: 'conflict', field: 'idempotencyKey' };
    expect(await storeAt(began + quarter).create(other)).toMatchObject(reused);
    expect(await storeAt(began + quarter + 1).create(other)).toEqual({
      kind: 'created',
      conversation: other,
    });
    expect(await storeAt(began + quarter + 1).create(whole)).toMatchObject(reused);
  });

  it('costs one put for a key alone', async () => {
    const commands: string[] = [];
    const counted = withFault(dynamo.newClient(), async (command, send) => {
      commands.push(command);
      await send();
    });
    await new DynamoStore(counted, table).create(askedWithKey('key'));
    await new DynamoStore(counted, table).create(asked('no key'));
    expect(commands).toEqual(['PutItemCommand', 'PutItemCommand']);
  });
});
