import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { author, stranger } from '../conversations/asked.ts';
import { conversationIn, errorsIn, expectHeaders, placesIn } from './answers.ts';
import { deliver, deliveryIn, issue, pathOf, removeConversation } from './delivered.ts';
import { localSystem, newKey, send, type RequestOptions } from './local-system.ts';

const customer = '58210c3db0f09110006b7953';
const byExternalId = (externalId: string) => send('GET', `/v1/conversations/externalId=${externalId}`);
const find = (id: string) => send('GET', `/v1/conversations/${id}`);
const delivery = async (source: string, id: string) =>
  deliveryIn(await send('GET', pathOf(source, id))).attributes;
const replay = (source: string, id: string, query = '', options: RequestOptions = {}) =>
  send('POST', `${pathOf(source, id)}/replay${query}`, options);

beforeAll(async () => {
  await localSystem();
}, 90_000);

describe('a replay', () => {
  it('of a success changes nothing, and says so', async () => {
    await deliver('github-issues', 'r-success', issue(30_001));
    const record = await delivery('github-issues', 'r-success');
    const made = conversationIn(await byExternalId('github-issue-30001'), 200);
    for (const _ of [1, 2]) {
      const answer = await replay('github-issues', 'r-success');
      expectHeaders(answer);
      expect(deliveryIn(answer)).toMatchObject({
        id: 'r-success',
        attributes: { verdict: 'repeated', conversation: made.id, attempts: 1 },
      });
    }
    expect(await delivery('github-issues', 'r-success')).toEqual(record);
    expect(conversationIn(await find(made.id), 200)).toEqual(made);
  });

  it('with again makes another conversation, once for each Idempotency-Key, and leaves the record alone', async () => {
    await deliver('github-issues', 'r-again', issue(30_002));
    const record = await delivery('github-issues', 'r-again');
    const again = (headers: Record<string, string> = {}) =>
      replay('github-issues', 'r-again', '?again=true', { headers });
    const first = await again({ 'idempotency-key': 'a' });
    const repeated = await again({ 'idempotency-key': 'a' });
    const made = [first, repeated, await again({ 'idempotency-key': 'b' }), await again(), await again()];
    const ids = made.map((answer) => deliveryIn(answer, 201).attributes.conversation!);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set([record.conversation, ...ids]).size).toBe(5);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    const { attributes } = conversationIn(await find(ids[0]!), 200);
    expect(attributes).toMatchObject({ name: 'Issue 30002' });
    expect(attributes).not.toHaveProperty('externalId');
    expect(await delivery('github-issues', 'r-again')).toEqual(record);
  });

  it('creates what failed before, when nothing is in its way any more', async () => {
    const json = { customer, externalId: 'github-issue-30003' };
    const holder = conversationIn(await send('POST', '/v1/conversations', { json }), 201);
    errorsIn(await deliver('github-issues', 'r-failed', issue(30_003)), 409, 'conflict');
    expect(errorsIn(await replay('github-issues', 'r-failed'), 409, 'conflict')).toMatchObject([
      { meta: { id: holder.id } },
    ]);
    expect(await delivery('github-issues', 'r-failed')).toMatchObject({ verdict: 'failed', attempts: 1 });
    await removeConversation(holder.id);
    const replayed = deliveryIn(await replay('github-issues', 'r-failed')).attributes;
    expect(replayed).toMatchObject({ verdict: 'created', error: null, attempts: 1 });
    const made = conversationIn(await byExternalId('github-issue-30003'), 200);
    expect(made).toMatchObject({ id: replayed.conversation, attributes: { name: 'Issue 30003' } });
    expect(await delivery('github-issues', 'r-failed')).toMatchObject({
      verdict: 'created',
      conversation: made.id,
      error: null,
    });
  });

  it('of what does not fit is refused with what is wrong, and of what is ignored is that again', async () => {
    await deliver('github-issues', 'r-rejected', issue(30_004, 5));
    const errors = errorsIn(await replay('github-issues', 'r-rejected'), 422, 'unprocessable');
    expect(placesIn(errors)).toEqual(['/issue/title']);
    expect(await delivery('github-issues', 'r-rejected')).toMatchObject({ verdict: 'rejected' });
    await deliver('github-issues', 'r-ignored', { ...issue(30_005), action: 'closed' });
    expect(deliveryIn(await replay('github-issues', 'r-ignored')).attributes.verdict).toBe('ignored');
  });

  it('works from a large body that nothing compresses', async () => {
    const noise = Array.from({ length: 88_000 }, (_, index) =>
      createHash('sha256').update(String(index)).digest('base64'),
    );
    const body = JSON.stringify({ ...issue(30_006), noise });
    expect(body.length).toBeGreaterThan(4_000_000);
    expect(body.length).toBeLessThan(4 * 1024 * 1024);
    expect((await deliver('github-issues', 'r-large', body)).status).toBe(201);
    const record = await delivery('github-issues', 'r-large');
    expect(record).toMatchObject({ size: body.length, body: null });
    expect(deliveryIn(await replay('github-issues', 'r-large')).attributes).toMatchObject({
      verdict: 'repeated',
      conversation: record.conversation,
    });
    const another = deliveryIn(await replay('github-issues', 'r-large', '?again=true'), 201);
    const made = conversationIn(await find(another.attributes.conversation!), 200);
    expect(made.attributes).toMatchObject({ name: 'Issue 30006' });
  });

  it('works with an id that has slashes, or ends as the route does', async () => {
    for (const id of ['r/with/slashes', 'r/replay']) {
      await deliver('github-issues', id, { ...issue(30_007), action: 'closed' });
      expect(deliveryIn(await replay('github-issues', id))).toMatchObject({ id });
    }
  });

  it('is refused when it asks for something else', async () => {
    await deliver('github-issues', 'r-asked', { ...issue(30_008), action: 'closed' });
    for (const query of ['?again=1', '?again=', '?again=true&again=true']) {
      const errors = errorsIn(await replay('github-issues', 'r-asked', query), 400, 'bad_request');
      expect(placesIn(errors)).toEqual(['again']);
    }
    const blank = { headers: { 'idempotency-key': 'a b' } };
    errorsIn(await replay('github-issues', 'r-asked', '?again=true', blank), 400, 'bad_request');
    errorsIn(await replay('github-issues', 'never'), 404, 'notfound');
    errorsIn(await replay('github-releases', 'r-asked'), 404, 'notfound');
    errorsIn(await send('POST', pathOf('github-issues', 'r-asked')), 404, 'notfound');
    errorsIn(await send('POST', pathOf('github-issues', 'replay')), 404, 'notfound');
  });
});

describe('deliveries are replayed', () => {
  const routes = [
    ['/v1/hooks/github-issues/replay', { to: '2020-01-01T00:00:00Z' }, 202],
    [`${pathOf('github-issues', 'w-seen')}/replay`, undefined, 200],
  ] as const;
  beforeAll(async () => {
    await deliver('github-issues', 'w-seen', { ...issue(30_200), action: 'closed' });
  });

  it.each(['org', 'org.user.hook', 'org.user.hook.write', 'org.permission.hook.write'])(
    'by a key with the role %s',
    async (role) => {
      const key = await newKey({ ...author, roles: [role] });
      for (const [path, json, status] of routes) {
        expect((await send('POST', path, { key, json })).status).toBe(status);
      }
    },
  );

  it('by no key with other roles, and by nobody without one', async () => {
    const key = await newKey({ ...author, roles: ['org.user.hook.read', 'org.user.conversation'] });
    for (const [path, json] of routes) {
      expect(errorsIn(await send('POST', path, { key, json }), 403, 'forbidden')).toMatchObject([
        { meta: { roles: ['org.user.hook.write', 'org.permission.hook.write'] } },
      ]);
      errorsIn(await send('POST', path, { key: null, json }), 401, 'unauthorized');
    }
  });

  it('by no other organisation, and of no source that there is not', async () => {
    const key = await newKey({ ...stranger, roles: ['org'] });
    for (const [path, json] of routes) {
      errorsIn(await send('POST', path, { key, json }), 404, 'notfound');
      errorsIn(await send('POST', path.replace('github-issues', 'nobody'), { json }), 404, 'notfound');
    }
  });
});
