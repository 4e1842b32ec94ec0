import { ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import type { ConversationStore } from '../../../functions/conversations/conversation-store.ts';
import { openLocalAws } from '../../../local/open-local-aws.ts';
import { author, customer, objectId } from '../../conversations/asked.ts';
import type { FaultyProxy } from '../../servers/faulty-proxy.ts';
import type { Answer } from '../local-system.ts';
import type { RelayingSystem } from './relaying-system.ts';

interface Relayed {
  system: RelayingSystem;
  /** Before the vendor. */
  proxy: FaultyProxy;
  /** What is at the vendor. */
  there: ConversationStore;
}

const nested = `/v1/customers/${customer}/conversations`;
const later = { prefer: 'wait=5, Respond-Async' };

/** Creates that meet the vendor's 429, over the routes of a system that relays. */
export function relayedLater(relayed: () => Relayed): void {
  let reset: string;
  beforeEach(() => {
    relayed().proxy.reset();
    reset = String(Math.ceil(Date.now() / 1000) + 30);
  });

  /** Creates, and lets the vendor refuse that with a 429. */
  const createLimited = (path: string, body: object, headers: Record<string, string>): Promise<Answer> => {
    relayed().proxy.spoil('POST', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    return relayed().system.ask('POST', path, body, headers);
  };
  const idOf = ({ body }: Answer) => (body as { data: { id: string } }).data.id;
  const appliedOf = ({ headers }: Answer) => headers.get('preference-applied');
  const arrives = async (id: string) => {
    for (let tries = 0; tries < 400; tries++) {
      const found = await relayed().there.find(author.org, id);
      if (found) return found;
      await setTimeout(50);
    }
    throw new Error(`${id} did not arrive`);
  };

  it.each([
    ['below its customer', nested, { name: 'Later, below' }],
    ['with its customer', '/v1/conversations', { customer, name: 'Later, beside' }],
    ['with a new customer', '/v1/conversations', { customer: { email: 'later@example.com' }, name: 'New' }],
  ])('are queued and answered 202 for a caller who prefers that: %s', async (_, path, body) => {
    const answer = await createLimited(path, body, later);
    expect(answer.status).toBe(202);
    expect(appliedOf(answer)).toBe('respond-async');
    const id = idOf(answer);
    expect(answer.body).toEqual({
      data: { type: 'conversation', id, links: { self: `/v1/conversations/${id}` } },
    });
    expect(answer.headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/);
    expect(await arrives(id)).toMatchObject({ id, name: body.name });
    expect((await relayed().system.ask('GET', `/v1/conversations/${id}`)).status).toBe(200);
  });

  it('are one when the vendor had made it already, and the limit only kept us from finding out', async () => {
    const { system, proxy, there } = relayed();
    proxy.spoil('POST', 'reset after');
    proxy.spoil('GET', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    const answer = await system.ask('POST', nested, { name: 'Made already' }, later);
    expect(answer.status).toBe(202);
    expect((await there.find(author.org, idOf(answer)))?.id).toBe(idOf(answer));
    // The queue comes to it after that: the create is asked for again, and refused as a clash.
    const posts = () => proxy.seen.filter(({ method, url }) => method === 'POST' && url === nested).length;
    for (let tries = 0; posts() < 2 && tries < 400; tries++) await setTimeout(50);
    expect(posts()).toBe(2);
    const { conversations } = await there.list(author.org, customer, { page: 1, pageSize: 100 });
    expect(conversations.filter(({ name }) => name === 'Made already')).toHaveLength(1);
  });

  it.each([
    ['says nothing of it', {}],
    ['prefers something else', { prefer: 'wait=5, handling="respond-async"' }],
  ])('are told of it, with the reset, when their caller %s: nothing is queued', async (_, headers) => {
    const answer = await createLimited(
      nested,
      { externalId: `not later ${JSON.stringify(headers)}` },
      headers,
    );
    expect(answer.status).toBe(429);
    expect(appliedOf(answer)).toBeNull();
    expect(answer.headers.get('x-ratelimit-reset')).toBe(reset);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(20);
  });

  it('are answered as ever when the vendor does not limit them, whatever is preferred', async () => {
    const answer = await relayed().system.ask('POST', nested, { name: 'At once' }, later);
    expect(answer.status).toBe(201);
    expect(appliedOf(answer)).toBeNull();
  });

  it('are one when they are repeated with their Idempotency-Key after a 202, before and after it is there', async () => {
    const headers = { ...later, 'idempotency-key': 'later' };
    const first = await createLimited(nested, { name: 'Once' }, headers);
    const second = await createLimited(nested, { name: 'Once' }, headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(idOf(second)).toBe(idOf(first));
    await arrives(idOf(first));
    const third = await relayed().system.ask('POST', nested, { name: 'Once' }, headers);
    expect([third.status, idOf(third)]).toEqual([201, idOf(first)]);
    expect(third.headers.get('idempotency-replayed')).toBe('true');
  });

  it('are one when they are repeated with their externalId after a 202: a clash names it', async () => {
    const first = await createLimited(nested, { externalId: 'later-1' }, later);
    await arrives(idOf(first));
    const second = await relayed().system.ask('POST', nested, { externalId: 'later-1' }, later);
    expect(second).toMatchObject({ status: 409, body: { errors: [{ meta: { id: idOf(first) } }] } });
  });

  it('are refused at once by our own limit for a customer, which lets nothing be queued', async () => {
    const { system, proxy } = relayed();
    const owner = objectId(77);
    const aws = await openLocalAws(system.dataDir);
    const { TableNames = [] } = await aws.dynamodb.send(new ListTablesCommand({}));
    const TableName = TableNames.find((name) => name.includes('Limits'));
    const minute = Math.floor(Date.now() / 60_000);
    for (const at of [minute, minute + 1]) {
      const pk = { S: `customer#${owner}#key#${system.key.split('_')[1]}#minute#${at}` };
      await aws.dynamodb.send(new PutItemCommand({ TableName, Item: { pk, creates: { N: '120' } } }));
    }
    await aws.close();
    const answer = await system.ask('POST', `/v1/customers/${owner}/conversations`, {}, later);
    expect(answer).toMatchObject({ status: 429, body: { errors: [{ meta: { limit: 120 } }] } });
    expect(appliedOf(answer)).toBeNull();
    expect(proxy.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('that are refused cost nothing of a customer’s 120 a minute', async () => {
    const { system, proxy } = relayed();
    const remaining = async () => {
      const answer = await system.ask('POST', nested, { name: 'Counted' });
      return Number(answer.headers.get('x-ratelimit-remaining'));
    };
    const before = await remaining();
    proxy.spoil('POST', { status: 400, body: '{"errors":[{"code":"badparam","title":"No"}]}' });
    expect((await system.ask('POST', nested, { name: 'Refused' })).status).toBe(400);
    await createLimited(nested, { name: 'Limited' }, {});
    const after = await remaining();
    // Another minute may have begun.
    expect(before - after === 1 || after === 119).toBe(true);
  });
}
