import { beforeAll, describe, expect, it } from '@jest/globals';
import { author, stranger } from '../conversations/asked.ts';
import { errorsIn, expectHeaders, placesIn } from './answers.ts';
import { deliver, deliveryIn, issue, listIn, pathOf, release, type LinkedDelivery } from './delivered.ts';
import { eventually, localSystem, newKey, send } from './local-system.ts';

const list = '/v1/hooks/github-issues/deliveries';
const conversation = (externalId: string) => send('GET', `/v1/conversations/externalId=${externalId}`);
const hold = (externalId: string) =>
  send('POST', '/v1/conversations', { json: { customer: '58210c3db0f09110006b7953', externalId } });

beforeAll(async () => {
  await localSystem();
}, 90_000);

/** All deliveries of a list whose ids begin so, page by page, and how many were on each page. */
async function allOf(path: string, prefix: string): Promise<{ found: LinkedDelivery[]; sizes: number[] }> {
  const found: LinkedDelivery[] = [];
  const sizes: number[] = [];
  for (let next: string | null = path; next !== null;) {
    const { data, links } = listIn(await send('GET', next));
    found.push(...data.filter(({ id }) => id.startsWith(prefix)));
    sizes.push(data.length);
    next = links.next;
  }
  return { found, sizes };
}

describe('a delivery', () => {
  it('is kept with its verdict, whatever becomes of it', async () => {
    await hold('github-issue-20004');
    expect((await deliver('github-issues', 'v-created', issue(20_001))).status).toBe(201);
    expect((await deliver('github-issues', 'v-repeated', issue(20_001))).status).toBe(200);
    expect((await deliver('github-issues', 'v-ignored', { ...issue(20_002), action: 'closed' })).status).toBe(
      200,
    );
    expect((await deliver('github-issues', 'v-rejected', issue(20_003, 5))).status).toBe(422);
    expect((await deliver('github-issues', 'v-failed', issue(20_004))).status).toBe(409);
    const made = ((await conversation('github-issue-20001')).body as { data: { id: string } }).data.id;
    const held = ((await conversation('github-issue-20004')).body as { data: { id: string } }).data.id;
    const expected = {
      'v-created': { verdict: 'created', conversation: made, error: null },
      'v-repeated': { verdict: 'repeated', conversation: made, error: null },
      'v-ignored': { verdict: 'ignored', conversation: null, error: null },
      'v-rejected': { verdict: 'rejected', conversation: null, error: '/issue/title must be a string' },
      'v-failed': { verdict: 'failed', conversation: null, error: expect.stringContaining(held) },
    };
    for (const [id, attributes] of Object.entries(expected)) {
      const answer = await send('GET', pathOf('github-issues', id));
      expectHeaders(answer);
      expect(deliveryIn(answer)).toMatchObject({
        id,
        attributes: { source: 'github-issues', attempts: 1, ...attributes },
        links: { self: pathOf('github-issues', id) },
      });
    }
    for (const { verdict } of Object.values(expected)) {
      const { found } = await allOf(`${list}?verdict=${verdict}`, 'v-');
      expect(found.map(({ id }) => id)).toEqual([`v-${verdict}`]);
    }
  });

  it('that is queued is shown as created as soon as its conversation is there', async () => {
    expect((await deliver('github-releases', 'q-1', release(20_005))).status).toBe(202);
    const path = pathOf('github-releases', 'q-1');
    expect(['queued', 'created']).toContain(deliveryIn(await send('GET', path)).attributes.verdict);
    await eventually(
      () => conversation('github-release-20005'),
      ({ status }) => status === 200,
    );
    expect(deliveryIn(await send('GET', path)).attributes).toMatchObject({ verdict: 'created', attempts: 1 });
    const created = await allOf('/v1/hooks/github-releases/deliveries?verdict=created', 'q-');
    expect(created.found.map(({ id }) => id)).toEqual(['q-1']);
    expect((await allOf('/v1/hooks/github-releases/deliveries?verdict=queued', 'q-')).found).toEqual([]);
  });

  it('that is queued is shown as failed, with the reason, when its conversation cannot be made', async () => {
    const holder = ((await hold('github-release-20006')).body as { data: { id: string } }).data.id;
    expect((await deliver('github-releases', 'f-1', release(20_006))).status).toBe(202);
    const answer = await eventually(
      () => send('GET', pathOf('github-releases', 'f-1')),
      (found) => deliveryIn(found).attributes.verdict === 'failed',
    );
    expect(deliveryIn(answer).attributes.error).toBe(`the externalId is held by conversation ${holder}`);
  });

  it('counts how often it came, and shows what it brought', async () => {
    const body = `${JSON.stringify(issue(20_007, 'é🦀'))}\n`;
    for (const _ of [1, 2, 3]) await deliver('github-issues', 'times', body);
    const { attributes } = deliveryIn(await send('GET', pathOf('github-issues', 'times')));
    expect(attributes).toMatchObject({
      verdict: 'created',
      attempts: 3,
      size: Buffer.byteLength(body),
      body,
    });
    expect(attributes.headers).toEqual({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': 'times',
    });
    expect(Date.parse(attributes.receivedAt)).toBeLessThanOrEqual(Date.now());
  });

  it('that is refused leaves no record', async () => {
    const forged = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    errorsIn(await deliver('github-issues', 'refused', issue(20_008), forged), 401, 'unauthorized');
    errorsIn(await send('GET', pathOf('github-issues', 'refused')), 404, 'notfound');
    expect((await allOf(list, 'refused')).found).toEqual([]);
  });

  it('without an id, or without a body that can be read, is kept under a hash', async () => {
    const from = new Date().toISOString();
    errorsIn(await deliver('github-issues', '', issue(20_009)), 400, 'bad_request');
    errorsIn(await deliver('github-issues', 'unreadable', 'not JSON, 20009'), 400, 'bad_request');
    const { found } = await allOf(`${list}?verdict=rejected&from=${from}`, 'sha256:');
    const bodies = await Promise.all(
      found.map(async ({ links }) => deliveryIn(await send('GET', links.self)).attributes.body),
    );
    expect(bodies).toContain(JSON.stringify(issue(20_009)));
    expect(bodies).toContain('not JSON, 20009');
  });

  it.each(['with/slashes/in it', 'a%2Fb', 'ends/replay', 'x'.repeat(512), '{"a":[1]}'])(
    'is found by the id %j',
    async (id) => {
      await deliver('github-issues', id, { ...issue(20_010), action: 'closed' });
      const found = deliveryIn(await send('GET', pathOf('github-issues', id)));
      expect(found).toMatchObject({ id, attributes: { verdict: 'ignored' } });
      expect(deliveryIn(await send('GET', found.links.self))).toEqual(found);
    },
  );
});

describe('the list of deliveries', () => {
  let from: string;
  beforeAll(async () => {
    from = new Date().toISOString();
    for (let at = 0; at < 250; at += 25) {
      await Promise.all(
        Array.from({ length: 25 }, async (_, index) => {
          const payload = { ...issue(21_000), action: 'closed' };
          const { status } = await deliver('github-issues', `page-${at + index}`, payload);
          expect(status).toBe(200);
        }),
      );
    }
  }, 60_000);

  it('has every one of 250 once, newest first, in pages of a hundred', async () => {
    const { found, sizes } = await allOf(`${list}?from=${from}`, 'page-');
    expect(found).toHaveLength(250);
    expect(new Set(found.map(({ id }) => id)).size).toBe(250);
    const times = found.map(({ attributes }) => attributes.receivedAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect(sizes.slice(0, 2)).toEqual([100, 100]);
    expect(found[0]).toEqual({
      type: 'delivery',
      id: expect.stringMatching(/^page-2[234]\d$/),
      attributes: {
        source: 'github-issues',
        verdict: 'ignored',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
        attempts: 1,
        conversation: null,
        error: null,
        size: Buffer.byteLength(JSON.stringify({ ...issue(21_000), action: 'closed' })),
      },
      links: { self: expect.stringMatching(/^\/v1\/hooks\/github-issues\/deliveries\/page-2[234]\d$/) },
    });
  });

  it('has the same in pages of seven, and by their number', async () => {
    const query = `verdict=ignored&from=${from}&to=${new Date().toISOString()}`;
    const all = await allOf(`${list}?${query}`, '');
    const sevens = await allOf(`${list}?pageSize=7&${query}`, '');
    expect(sevens.found).toEqual(all.found);
    const third = listIn(await send('GET', `${list}?page=3&pageSize=7&${query}`));
    expect(third.data).toEqual(all.found.slice(14, 21));
    expect(third.meta).toEqual({ page: 3, pageSize: 7 });
    expect(third.links).toMatchObject({
      self: expect.stringContaining('page=3&pageSize=7&verdict=ignored&from='),
      first: expect.stringContaining('page=1&pageSize=7&verdict=ignored&from='),
      prev: null,
    });
  });

  it('is empty before any, and after all', async () => {
    for (const query of ['to=2020-01-01T00:00:00Z', 'from=2100-01-01T00:00:00Z']) {
      const { data, links } = listIn(await send('GET', `${list}?${query}`));
      expect({ data, next: links.next }).toEqual({ data: [], next: null });
    }
  });

  it('is refused with every fault at once', async () => {
    const answer = await send('GET', `${list}?verdict=x&from=x&to=x&page=0&pageSize=x&cursor=x`);
    const errors = errorsIn(answer, 400, 'bad_request');
    expect(placesIn(errors).toSorted()).toEqual(['cursor', 'from', 'page', 'pageSize', 'to', 'verdict']);
    expectHeaders(answer);
  });

  it('takes no cursor of another list', async () => {
    const { links } = listIn(await send('GET', `${list}?pageSize=1&verdict=ignored`));
    for (const altered of [
      links.next!.replace('github-issues', 'github-releases'),
      links.next!.replace('ignored', 'created'),
    ]) {
      expect(placesIn(errorsIn(await send('GET', altered), 400, 'bad_request'))).toEqual(['cursor']);
    }
  });
});

describe('deliveries are shown', () => {
  const paths = [list, pathOf('github-issues', 'seen')];
  beforeAll(async () => {
    await deliver('github-issues', 'seen', { ...issue(20_020), action: 'closed' });
  });

  it.each(['org', 'org.user', 'org.user.hook', 'org.user.hook.read', 'org.permission.hook.read'])(
    'to a key with the role %s',
    async (role) => {
      const key = await newKey({ ...author, roles: [role] });
      for (const path of paths) expect((await send('GET', path, { key })).status).toBe(200);
    },
  );

  it('to no key with other roles, and to nobody without one', async () => {
    const key = await newKey({ ...author, roles: ['org.user.hook.write', 'org.user.conversation'] });
    for (const path of paths) {
      expect(errorsIn(await send('GET', path, { key }), 403, 'forbidden')).toMatchObject([
        { meta: { roles: ['org.user.hook.read', 'org.permission.hook.read'] } },
      ]);
      errorsIn(await send('GET', path, { key: null }), 401, 'unauthorized');
    }
  });

  it('to no other organisation, and of no source that there is not', async () => {
    const key = await newKey({ ...stranger, roles: ['org'] });
    for (const path of paths) {
      const others = await send('GET', path, { key });
      errorsIn(others, 404, 'notfound');
      const unknown = await send('GET', path.replace('github-issues', 'constructor'));
      expect(unknown.body).toEqual(others.body);
    }
    errorsIn(await send('GET', pathOf('github-releases', 'seen')), 404, 'notfound');
  });
});
