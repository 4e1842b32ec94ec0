import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConversationStore } from '../../../functions/conversations/conversation-store.ts';
import { nodeProcess } from '../../cli/cli-process.ts';
import { author, customer, objectId } from '../../conversations/asked.ts';
import { githubExample } from '../../hooks/github-delivery.ts';
import { startCustomersServer, type CustomersServer } from '../../servers/customers-server.ts';
import { startFaultyProxy, type FaultyProxy } from '../../servers/faulty-proxy.ts';
import { eventually, type Answer } from '../local-system.ts';
import { clientsCustomers, publishedClients } from '../published-clients.ts';
import { relayedCustomers } from './relayed-customers.ts';
import { relayedLater } from './relayed-later.ts';
import { startRelayingSystem, type RelayingSystem } from './relaying-system.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

jest.setTimeout(60_000);

interface Resource {
  id: string;
  attributes: Record<string, unknown>;
}

/** A second local system, started as anybody would start it, in front of the first one as the vendor. */
describe('npm start with KUSTOMER_BASE_URL and KUSTOMER_API_KEY', () => {
  let vendor: Vendor;
  let vendorKey: string;
  /** What is at the vendor. */
  let there: ConversationStore;
  /** The vendor's customers, before its conversations; what goes wrong on the way to both. */
  let customers: CustomersServer;
  let proxy: FaultyProxy;
  let system: RelayingSystem;
  beforeAll(async () => {
    vendor = await openVendor();
    vendorKey = await vendor.newOrganisation();
    there = storeAt(vendor.url, vendorKey);
    customers = await startCustomersServer(vendor.url);
    for (const id of [customer, objectId(77), ...clientsCustomers]) customers.add(id);
    proxy = await startFaultyProxy(customers.url);
    system = await startRelayingSystem(proxy.url, 'ci_of_somebody_else');
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    await Promise.all([proxy.close(), customers.close()]);
    vendor.close();
  });

  const ask: RelayingSystem['ask'] = (...request) => system.ask(...request);
  const dataOf = <Data = Resource>({ body }: Answer) => (body as { data: Data }).data;
  const idThere = async (id: string) => (await there.find(author.org, id))?.id;
  const nested = `/v1/customers/${customer}/conversations`;

  /** Delivers an event as GitHub does. */
  async function deliver(source: 'issues' | 'releases', event: string, payload: object): Promise<Answer> {
    const secrets = JSON.parse(readFileSync(join(system.dataDir, 'secrets.json'), 'utf8')) as object;
    const word = source === 'issues' ? 'GithubIssues' : 'GithubReleases';
    const [, { value }] = Object.entries(secrets).find(([name]) => name.startsWith(word)) as [
      string,
      { value: string },
    ];
    const body = JSON.stringify(payload);
    return await ask('POST', `/v1/hooks/github-${source}`, body, {
      'content-type': 'application/json',
      'x-github-event': source === 'issues' ? 'issues' : 'release',
      'x-github-delivery': event,
      'x-hub-signature-256': await sign(value, body),
    });
  }

  it('is bland while the vendor does not take the key; the log says what to do, and the next key is taken up', async () => {
    const refused = await ask('GET', nested);
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).not.toMatch(/kustomer|key/i);
    const logs = readFileSync(join(system.dataDir, 'logs', logNamed('ListConversations')), 'utf8');
    expect(logs).toContain('KustomerApiKeySecret');
    expect(logs).not.toContain('ci_of_somebody_else');
    expect(logs).toContain('"VendorKeyRefused":1');
    const set = await nodeProcess(['cli/secrets.ts', 'set', 'kustomer-api-key'], {
      env: { INTAKE_DATA_DIR: system.dataDir },
      input: vendorKey,
    });
    expect(set).toMatchObject({ status: 0, stderr: '' });
    expect(set.stdout).toContain('The API key for Kustomer is set.');
    expect(set.stdout).not.toContain(vendorKey);
    expect(await ask('GET', nested)).toMatchObject({ status: 200, body: { data: [] } });
  });

  it('creates conversations at the vendor, with the id that was decided, and answers as the vendor shows them', async () => {
    const answer = await ask('POST', nested, { name: 'Relayed', externalId: 'relayed-1' });
    expect(answer.status).toBe(201);
    const { id, attributes } = dataOf(answer);
    expect(attributes).toMatchObject({ name: 'Relayed', externalId: 'relayed-1', status: 'open' });
    expect(await there.find(author.org, id)).toMatchObject({ name: 'Relayed', resource: dataOf(answer) });
    expect(dataOf(await ask('GET', `/v1/conversations/${id}`))).toEqual(dataOf(answer));
    expect(dataOf(await ask('GET', '/v1/conversations/externalId=relayed-1'))).toEqual(dataOf(answer));
    const logs = readFileSync(join(system.dataDir, 'logs', logNamed('CreateConversation')), 'utf8');
    expect(logs).toMatch(/"VendorBudgetLeft":\d+/);
  });

  it('refuses the same externalId again with 409, and names the holder', async () => {
    const first = await ask('POST', nested, { externalId: 'relayed-2' });
    const second = await ask('POST', nested, { externalId: 'relayed-2' });
    expect(second).toMatchObject({
      status: 409,
      body: {
        errors: [{ code: 'conflict', source: { pointer: '/externalId' }, meta: { id: dataOf(first).id } }],
      },
    });
  });

  it('repeats the answer to an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'relayed' };
    const first = await ask('POST', nested, { name: 'Once' }, key);
    const second = await ask('POST', nested, { name: 'Once' }, key);
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(dataOf(second)).toEqual(dataOf(first));
  });

  it('lists what is at the vendor, page by page, with links of its own', async () => {
    const owner = objectId(77);
    for (const name of ['a', 'b', 'c']) await ask('POST', `/v1/customers/${owner}/conversations`, { name });
    const names: unknown[] = [];
    let next: string | null = `/v1/customers/${owner}/conversations?pageSize=2`;
    for (let pages = 0; next !== null; pages++) {
      expect(pages).toBeLessThan(2);
      const answer: Answer = await ask('GET', next);
      names.push(...dataOf<Resource[]>(answer).map(({ attributes }) => attributes['name']));
      next = (answer.body as { links: { next: string | null } }).links.next;
    }
    expect(names).toEqual(['c', 'b', 'a']);
  });

  it('answers 404 for what the vendor does not have', async () => {
    expect((await ask('GET', `/v1/conversations/${objectId(404)}`)).status).toBe(404);
  });

  it('takes a webhook at once, and once', async () => {
    const payload = githubExample<{ issue: { id: number } }>('issues', 'opened');
    const first = await deliver('issues', 'relay-issue', payload);
    expect(first.status).toBe(201);
    const { conversation } = dataOf(first).attributes;
    expect(await idThere(String(conversation))).toBe(conversation);
    expect(await deliver('issues', 'relay-issue', payload)).toMatchObject({ status: 200 });
  });

  it('takes a webhook by the queue, and its delivery says that it is created', async () => {
    const answer = await deliver('releases', 'relay-release', githubExample('release', 'published'));
    expect(answer.status).toBe(202);
    const path = '/v1/hooks/github-releases/deliveries/relay-release';
    const shown = await eventually(
      () => ask('GET', path),
      (each) => dataOf(each).attributes['verdict'] === 'created',
    );
    expect(await idThere(String(dataOf(shown).attributes['conversation']))).toBeDefined();
  });

  it('brings a bulk job to the vendor, and tells what became of each item', async () => {
    const items = Array.from({ length: 120 }, (_, n) => ({
      customer,
      name: `Item ${n}`,
      _clientRef: `ref-${n}`,
    }));
    items[7] = { ...items[7]!, externalId: 'relayed-1' } as (typeof items)[0];
    const { id } = dataOf(await ask('POST', '/v1/conversations/bulk', items));
    await eventually(
      () => ask('GET', `/v1/bulk/${id}`),
      (each) => dataOf(each).attributes['status'] === 'complete',
    );
    const batches = dataOf<Resource[]>(await ask('GET', `/v1/bulk/${id}/batches`));
    const results = batches.flatMap(
      ({ attributes }) => attributes['results'] as { _clientRef: string; objectId: string; status: string }[],
    );
    expect(results).toHaveLength(120);
    expect(results.every(({ status }) => status === 'created')).toBe(true);
    const some = results.filter(({ _clientRef }) => /^ref-(0|7|119)$/.test(_clientRef));
    expect(await Promise.all(some.map(({ objectId: each }) => idThere(each)))).toEqual(
      some.map(({ objectId: each }) => each),
    );
  });

  describe('customers named otherwise', () =>
    relayedCustomers(() => ({ system, customers, there, deliver })));
  describe('creates that meet the vendor’s limit', () => relayedLater(() => ({ system, proxy, there })));
  publishedClients('Kustomer', () => system);

  function logNamed(word: string): string {
    const found = readdirSync(join(system.dataDir, 'logs')).find((name) => name.includes(word));
    if (found === undefined) throw new Error(`No log of ${word}`);
    return found;
  }
});
