import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mintApiKey } from '../../functions/access/api-key.ts';
import { localSystem, newKey, send } from '../contract/local-system.ts';
import { author, objectId } from '../conversations/asked.ts';
import { allOf } from '../journeys/bulk-client.ts';
import { expectRefusal, sendRaw } from './refusal.ts';

const customer = objectId(0xe5000);
const routes = [
  ['POST', `/v1/customers/${customer}/conversations`, '{}'],
  ['POST', '/v1/conversations', JSON.stringify({ customer })],
  ['POST', '/v1/conversations/bulk', JSON.stringify([{ customer }])],
  ['GET', `/v1/customers/${customer}/conversations`, ''],
  ['GET', `/v1/conversations/${customer}`, ''],
  ['GET', '/v1/conversations/externalId=x', ''],
  ['GET', `/v1/bulk/${customer}`, ''],
  ['GET', `/v1/bulk/${customer}/batches`, ''],
] as const;
const past = '2020-01-01T00:00:00.000Z';

let good: string;
beforeAll(async () => {
  good = (await localSystem()).key;
}, 60_000);

describe.each(routes)('%s %s', (method, path, body) => {
  afterEach(async () => {
    expect(await allOf(customer)).toEqual([]);
  });
  const sendWith = (...authorization: string[]) =>
    sendRaw(
      method,
      path,
      [
        ...authorization.map((value) => ['authorization', value] as const),
        ['content-type', 'application/json'],
      ],
      body,
    );

  it.each<[string, () => Promise<string[]> | string[]]>([
    ['no key', () => []],
    ['an empty header', () => ['']],
    ['another scheme', () => [`Basic ${good}`]],
    ['a key that nobody made', () => [`Bearer ${mintApiKey({ ...author, roles: ['org'] }).key}`]],
    ['an expired key', async () => [`Bearer ${await newKey({ expiresAt: past })}`]],
    ['a revoked key', async () => [`Bearer ${await revokedKey()}`]],
    ['the right prefix and a wrong secret', () => [`Bearer ${good.slice(0, -43)}${'A'.repeat(43)}`]],
    ['a good key cut short', () => [`Bearer ${good.slice(0, -1)}`]],
    ['two Authorization headers, both good', () => [`Bearer ${good}`, `Bearer ${good}`]],
    ['two Authorization headers, the first good', () => [`Bearer ${good}`, 'Bearer x']],
  ])('refuses %s', async (_, headers) => {
    const answer = await sendWith(...(await headers()));
    expectRefusal(answer, 401, 'unauthorized', [undefined]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('refuses a role that does not do, and tells which would', async () => {
    for (const role of [
      'org.hooks',
      'org.user.conversation.delete',
      'org.permission.customer',
      'organisation',
    ]) {
      const answer = await sendWith(`Bearer ${await newKey({ roles: [role] })}`);
      expectRefusal(answer, 403, 'forbidden', [undefined]);
      const { errors } = answer.body as { errors: { meta: { roles: string[] } }[] };
      for (const wanted of errors[0]!.meta.roles) {
        expect((await sendWithRole(wanted)).status).not.toBe(403);
      }
    }
  });
  /** Asks for what is not there or malformed, so that nothing is written where the role does. */
  const sendWithRole = async (role: string) =>
    send(method, path, {
      key: await newKey({ roles: [role] }),
      ...(method === 'POST' && { body: 'not JSON', headers: { 'content-type': 'application/json' } }),
    });

  it('looks at the key before the body', async () => {
    const answer = await sendRaw(method, path, [['content-type', 'text/plain']], 'not JSON');
    expectRefusal(answer, 401, 'unauthorized', [undefined]);
  });
});

describe('an Idempotency-Key that is refused', () => {
  it.each([
    ['has 10,000 characters', 'k'.repeat(10_000)],
    ['has 256 characters', 'k'.repeat(256)],
    ['is empty', ''],
    ['has a blank', 'a b'],
    ['has a character beyond ASCII', 'caf\u00e9'],
    ['has a tab', 'a\tb'],
  ])('%s', async (_, key) => {
    for (const [method, path, body] of routes.filter(([each]) => each === 'POST')) {
      const headers = [
        ['authorization', `Bearer ${good}`],
        ['content-type', 'application/json'],
        ['idempotency-key', key],
      ] as const;
      expectRefusal(await sendRaw(method, path, headers, body), 400, 'bad_request', ['idempotency-key']);
    }
    expect(await allOf(customer)).toEqual([]);
  });

  it('is not one of 255 visible characters', async () => {
    const key = `!~"#{}${'k'.repeat(249)}`;
    const owner = objectId(0xe5001);
    const create = () =>
      send('POST', `/v1/customers/${owner}/conversations`, { json: {}, headers: { 'idempotency-key': key } });
    const [first, again] = [await create(), await create()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await allOf(owner)).toHaveLength(1);
  });
});

/** A key that was good and never used. */
function revokedKey(): Promise<string> {
  return newKey({ revokedAt: past } as Parameters<typeof newKey>[0]);
}
