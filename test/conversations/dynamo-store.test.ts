import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { delivered, kindsOf } from '../conformance/conversation-store-create.ts';
import { conversationStoreSuite } from '../conformance/conversation-store.ts';
import { startDynamo, type DynamoServer } from '../servers/dynamo-server.ts';
import { conversationFrom } from '../../functions/conversations/conversation.ts';
import { keyOf } from '../../functions/conversations/dynamo-items.ts';
import { dyingAfterPuts, withFault } from '../servers/faulty-client.ts';
import { asked, author, customer, objectId } from './asked.ts';

conversationStoreSuite('DynamoStore', async () => {
  const { client, conversationsTable, close } = await startDynamo();
  return { make: async () => new DynamoStore(client, await conversationsTable()), close };
});

describe('DynamoStore', () => {
  it('keeps what it would without what the customer is called, alone and among many', async () => {
    const { client, conversationsTable, close } = await startDynamo();
    const table = await conversationsTable();
    const store = new DynamoStore(client, table);
    const named = { kind: 'email', text: 'ada@example.com' } as const;
    const item = conversationFrom({ customer }, author, { kind: 'bulk', job: objectId(9), index: 0 });
    const all = [asked('one', { id: objectId(1), name: 'x', tags: ['a'] }), delivered('event'), item];
    await store.create({ ...all[0]!, named });
    await store.createMany(all.slice(1).map((each) => ({ ...each, named })));
    for (const conversation of all) {
      const Key = { pk: { S: keyOf(author.org, conversation.id) } };
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
      expect(Item?.['body']?.S).toBe(JSON.stringify(conversation));
    }
    await close();
  });
});

describe('DynamoStore when things break', () => {
  const externalId = 'order-1';
  const first = asked('first', { id: objectId(1), externalId });
  const second = asked('second', { id: objectId(2), externalId });
  const claimed = Date.UTC(2020, 0, 1);
  const quarter = 15 * 60 * 1000;
  let dynamo: DynamoServer;
  let table: string;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  beforeEach(async () => {
    table = await dynamo.conversationsTable();
  });
  afterAll(() => dynamo.close());

  const storeAt = (time: number) => new DynamoStore(dynamo.client, table, () => time);
  /** Claims the externalId for `first`, then dies before it writes the conversation. */
  async function dieAfterClaiming(): Promise<void> {
    const dying = withFault(dynamo.newClient(), dyingAfterPuts(1));
    const store = new DynamoStore(dying, table, () => claimed);
    await expect(store.create(first)).rejects.toThrow('The function died');
    expect(await storeAt(claimed).findByExternalId(author.org, externalId)).toBeUndefined();
  }

  it('finishes a create that died between the claim and the conversation when it is repeated', async () => {
    await dieAfterClaiming();
    expect(await storeAt(claimed).create(first)).toEqual({ kind: 'created', conversation: first });
    expect(await storeAt(claimed).findByExternalId(author.org, externalId)).toEqual(first);
  });

  it('keeps an externalId for the one that claimed it for 15 minutes, then gives it to the next', async () => {
    await dieAfterClaiming();
    const conflict = { kind: 'conflict', field: 'externalId', id: first.id, origin: '' };
    expect(await storeAt(claimed + quarter).create(second)).toEqual(conflict);
    expect(await storeAt(claimed + quarter).create(asked('alone', { externalId }))).toEqual(conflict);
    expect(await storeAt(claimed + quarter + 1).create(second)).toEqual({
      kind: 'created',
      conversation: second,
    });
    expect(await storeAt(claimed + quarter + 1).create(first)).toMatchObject({
      kind: 'conflict',
      id: second.id,
    });
    expect(await storeAt(claimed).find(author.org, first.id)).toBeUndefined();
  });

  it('gives an abandoned externalId to one who asks for it alone', async () => {
    await dieAfterClaiming();
    const alone = asked('alone', { externalId });
    expect(await storeAt(claimed + quarter + 1).create(alone)).toEqual({
      kind: 'created',
      conversation: alone,
    });
    expect(await storeAt(claimed).findByExternalId(author.org, externalId)).toEqual(alone);
  });

  it('does not give a claim away while a repeat of its ask is about to write', async () => {
    await dieAfterClaiming();
    let raced: Promise<unknown> | undefined;
    const overtaken = withFault(dynamo.newClient(), async (command, send) => {
      // Between the repeat's look at its claim and its own put, somebody else comes along, a moment after the quarter.
      if (command === 'PutItemCommand' && (await storeAt(claimed).find(author.org, first.id)) === undefined) {
        puts += 1;
        if (puts === 2) await (raced = storeAt(claimed + quarter + 1).create(second));
      }
      await send();
    });
    let puts = 0;
    const repeated = await new DynamoStore(overtaken, table, () => claimed + quarter).create(first);
    const outcomes = [repeated, await raced];
    expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'created' }));
    expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'conflict' }));
  });

  it('tells that a create had happened whose answer was lost', async () => {
    const deaf = withFault(dynamo.newClient(), async (command, send) => {
      await send();
      if (command === 'PutItemCommand') throw new Error('The answer was lost');
    });
    const conversation = asked('alone', { externalId });
    await expect(new DynamoStore(deaf, table).create(conversation)).rejects.toThrow('The answer was lost');
    expect(await storeAt(claimed).create(conversation)).toEqual({ kind: 'repeated', conversation });
  });

  it('reports one of many that DynamoDB refuses, and writes the others', async () => {
    const tooLarge = asked('large', { id: objectId(5), name: 'x'.repeat(401 * 1024) });
    const outcomes = await storeAt(claimed).createMany([
      first,
      tooLarge,
      asked('third', { id: objectId(3) }),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'failed', 'created']);
    expect(outcomes[1]).toHaveProperty('error.name', 'ValidationException');
    expect(await storeAt(claimed).find(author.org, tooLarge.id)).toBeUndefined();
  });

  it('reports one of many deliveries that DynamoDB refuses, and writes the others', async () => {
    const tooLarge = { ...delivered('large'), name: 'x'.repeat(401 * 1024) };
    const fine = Array.from({ length: 24 }, (_, index) => delivered(`event-${index}`));
    const outcomes = await storeAt(claimed).createMany([tooLarge, ...fine]);
    expect(kindsOf(outcomes)).toEqual({ failed: 1, created: 24 });
    expect(outcomes[0]).toHaveProperty('error.name', 'ValidationException');
    expect(await storeAt(claimed).find(author.org, fine[23]!.id)).toEqual(fine[23]);
  });

  it('throws for one create, and fails each of many, when the table does not answer', async () => {
    const dead = withFault(dynamo.newClient(), () => Promise.reject(new Error('No way there')));
    const store = new DynamoStore(dead, table);
    await expect(store.create(first)).rejects.toThrow('No way there');
    const outcomes = await store.createMany([first, second]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
  });

  it.each([1001, 2 ** 40, Number.MAX_SAFE_INTEGER])(
    'asks DynamoDB for no more than its Limit can hold on the way to page %d',
    async (page) => {
      await storeAt(claimed).create(first);
      const limits: number[] = [];
      const client = dynamo.newClient();
      client.middlewareStack.add(
        (next) => (args) => {
          const { Limit } = args.input as QueryCommand['input'];
          limits.push(Limit ?? 1);
          return next(args);
        },
        { step: 'initialize' },
      );
      await new DynamoStore(client, table).list(author.org, customer, { page, pageSize: 100 });
      expect(limits).not.toEqual([]);
      expect(limits.filter((limit) => limit < 1 || limit > 2 ** 31 - 1)).toEqual([]);
    },
  );
});
