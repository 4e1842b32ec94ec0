import { describe, expect, it } from '@jest/globals';
import { customerIdOf, externalIdHolder } from '../../functions/conversations/identity.ts';
import { acceptHook, type HookContext } from '../../functions/hooks/accept-hook.ts';
import { keysOf } from '../../functions/hooks/keys.ts';
import type { MappedEvent } from '../../functions/hooks/map-delivery.ts';
import { source } from '../../functions/hooks/source.ts';
import { sources } from '../../functions/hooks/sources.ts';
import { problemBody } from '../../functions/lambda/problem.ts';
import { author } from '../conversations/asked.ts';
import { problemOf } from '../expect-problem.ts';
import { accept, conversationOf, eventOf, hookContext, opened } from './accepted.ts';
import { githubDelivery, githubExample, githubExamples, githubSecret } from './github-delivery.ts';

const issues = { event: 'issues' };

describe('all payloads of GitHub’s documentation', () => {
  it.each([
    ['github-issues', { create: 6, ignore: 709, handshake: 11 }],
    ['github-releases', { create: 10, ignore: 705, handshake: 11 }],
  ])('go through %s: created or ignored, none fails, in JSON and as forms', async (source, expected) => {
    for (const form of [false, true]) {
      const counts: Record<string, number> = {};
      for (const { event, payload } of githubExamples) {
        const accepted = await accept(source, await githubDelivery(payload, { event, form }));
        const kind = accepted.kind === 'handshake' ? 'handshake' : eventOf(accepted).plan.kind;
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      expect(counts).toEqual(expected);
    }
  });
});

describe('an accepted hook', () => {
  it('makes a conversation of an opened issue, with the one who opened it', async () => {
    const raw = await githubDelivery(opened(), issues);
    const accepted = await accept('github-issues', raw);
    expect(accepted.source.delivery).toBe('direct');
    const { org, user } = author;
    const expected: MappedEvent = {
      id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      body: raw.body,
      plan: {
        kind: 'create',
        conversation: {
          id: externalIdHolder(org, 'github-issue-444500041'),
          org,
          createdBy: user,
          origin: 'hook#github-issues#72d3162e-cc78-11e3-81ab-4c9367dc0958',
          customer: customerIdOf(org, 'github-user-21031067'),
          named: { kind: 'externalId', text: 'github-user-21031067' },
          externalId: 'github-issue-444500041',
          name: 'Spelling error in the README file',
          createdAt: '2019-05-15T15:20:18.000Z',
          updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown as string,
          custom: {
            repositoryStr: 'Codertocat/Hello-World',
            authorStr: 'Codertocat',
            issueUrl: 'https://github.com/Codertocat/Hello-World/issues/1',
          },
        },
      },
    };
    expect(eventOf(accepted)).toEqual(expected);
  });

  it('queues a published release, named by its tag when it has no name', async () => {
    const raw = await githubDelivery(githubExample('release', 'published'), { event: 'release' });
    expect((await accept('github-releases', raw)).source.delivery).toBe('queued');
    expect(await conversationOf('github-releases', raw)).toMatchObject({
      externalId: 'github-release-17372790',
      name: '0.0.1',
      customer: customerIdOf(author.org, 'github-user-21031067'),
      custom: { tagStr: '0.0.1', repositoryStr: 'Codertocat/Hello-World' },
    });
  });

  it('tells which of the live secrets signed it', async () => {
    const raw = await githubDelivery(opened(), issues);
    for (const [secrets, secretIndex] of [
      [[githubSecret, 'another'], 0],
      [['another', githubSecret], 1],
    ] as const) {
      expect(await accept('github-issues', raw, secrets)).toMatchObject({ delivery: { secretIndex } });
    }
  });

  it('means the same conversation when it is delivered again, under its own or another event id', async () => {
    const idsOf = async (id: string) => {
      const raw = await githubDelivery(opened(), { ...issues, id });
      const conversation = await conversationOf('github-issues', raw);
      return [conversation.id, conversation.origin];
    };
    expect(await idsOf('a')).toEqual(await idsOf('a'));
    expect((await idsOf('b'))[0]).toBe((await idsOf('a'))[0]);
    expect((await idsOf('b'))[1]).not.toBe((await idsOf('a'))[1]);
  });

  it('gives two issues of one person to the same customer', async () => {
    const other = opened();
    other.issue.id += 1;
    const one = await conversationOf('github-issues', await githubDelivery(opened(), issues));
    const two = await conversationOf('github-issues', await githubDelivery(other, issues));
    expect(two.customer).toBe(one.customer);
    expect(two.id).not.toBe(one.id);
  });

  it('reads a form as it reads JSON, whatever the text', async () => {
    const payload = opened();
    payload.issue.title = 'a+b & c=d %41 é🦀 "x"';
    for (const form of [false, true]) {
      const raw = await githubDelivery(payload, { ...issues, form });
      expect(await conversationOf('github-issues', raw)).toHaveProperty('name', payload.issue.title);
    }
  });

  it('shortens a title that is too long for a name, by code points', async () => {
    const payload = opened();
    const nameFor = async (title: string) => {
      payload.issue.title = title;
      return (await conversationOf('github-issues', await githubDelivery(payload, issues))).name;
    };
    expect(await nameFor('🦀'.repeat(256))).toBe('🦀'.repeat(256));
    expect(await nameFor('🦀'.repeat(257))).toBe(`${'🦀'.repeat(255)}…`);
  });
});

describe('a hook that is ignored', () => {
  it('is GitHub’s ping, a handshake at any source', async () => {
    const ping = await githubDelivery({ zen: 'Keep it logically awesome.', hook_id: 1 }, { event: 'ping' });
    for (const source of ['github-issues', 'github-releases']) {
      expect(await accept(source, ping)).toMatchObject({ kind: 'handshake', handshake: { status: 200 } });
    }
  });

  it.each([
    ['another action', 'issues', { action: 'closed' }],
    ['no action', 'issues', {}],
    ['an action that is no text', 'issues', { action: ['opened'] }],
    ['another event with this action', 'discussion', { action: 'opened' }],
    ['an array', 'issues', []],
    ['null', 'issues', null],
    ['a number', 'issues', 5],
  ])('is one with %s', async (_, event, payload) => {
    const accepted = await accept('github-issues', await githubDelivery(payload, { event }));
    expect(eventOf(accepted)).toMatchObject({
      id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      plan: { kind: 'ignore' },
    });
  });

  it('must be signed all the same', async () => {
    const ping = await githubDelivery({ zen: 'x' }, { event: 'ping' });
    await problemOf(401, () => accept('github-issues', ping, ['another']));
  });
});

describe('a hook that is refused', () => {
  it.each(['', 'github', 'GitHub-Issues', 'constructor', '__proto__', 'toString', 'github-issues/'])(
    'goes to the source "%s", which is none; no secret is asked for',
    async (source) => {
      const raw = await githubDelivery(opened(), issues);
      const asked: string[] = [];
      await problemOf(404, () =>
        acceptHook(source, raw, {
          ...hookContext(),
          keysOf: (name, scheme) => {
            asked.push(name);
            return Promise.resolve(keysOf(scheme, [githubSecret]));
          },
        }),
      );
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['wrong signature', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['malformed signature', { 'x-hub-signature-256': 'sha256=x' }],
    ['no signature', { 'x-hub-signature-256': undefined }],
  ])('has a %s, whatever its body is', async (reason, headers) => {
    for (const payload of [opened(), 'not JSON', '']) {
      const raw = await githubDelivery(payload || ' ', issues);
      const altered = { ...raw, headers: { ...raw.headers, ...headers } };
      expect(await problemOf(401, () => accept('github-issues', altered))).toMatchObject({ reason });
    }
  });

  it.each([[[]], [['']]])('meets a source without a secret: %j', async (secrets) => {
    const raw = await githubDelivery(opened(), issues);
    expect(await problemOf(401, () => accept('github-issues', raw, secrets))).toMatchObject({
      reason: 'no usable secret',
    });
  });

  describe('comes from elsewhere than its sender’s addresses', () => {
    const addresses = ['192.0.2.0/24', '2001:db8::/32'];
    const named = source({ ...sources['github-issues']!, addresses });
    const from = async (address: string | undefined, more: Partial<HookContext> = {}) => {
      const raw = { ...(await githubDelivery(opened(), issues)), from: address };
      return acceptHook('named', raw, { ...hookContext(), sources: { named }, ...more });
    };

    it.each(['192.0.2.9', '2001:db8::9'])('but not from %s, which is one of them', async (address) => {
      expect(await from(address)).toMatchObject({ kind: 'events' });
    });

    it.each(['198.51.100.1', '2001:db9::1', '127.0.0.1', '', undefined])(
      'from %j, signed as it should be: 403, and no secret is asked for',
      async (address) => {
        const asked: string[] = [];
        const keysOfNone = (name: string) => Promise.resolve((asked.push(name), []));
        const problem = await problemOf(403, () => from(address, { keysOf: keysOfNone }));
        expect(problem).toMatchObject({
          code: 'forbidden',
          reason: 'another address',
          faults: [{ title: 'The delivery is refused' }],
        });
        expect(asked).toEqual([]);
      },
    );

    it('and is told the same, signed or not', async () => {
      const raw = { ...(await githubDelivery(opened(), issues)), from: '198.51.100.1' };
      const context = { ...hookContext(), sources: { named } };
      const signed = await problemOf(403, () => acceptHook('named', raw, context));
      const unsigned = await problemOf(403, () => acceptHook('named', { ...raw, headers: {} }, context));
      expect(problemBody(unsigned, 'id')).toEqual(problemBody(signed, 'id'));
    });

    it('which a source without any does not mind', async () => {
      const raw = { ...(await githubDelivery(opened(), issues)), from: '198.51.100.1' };
      expect(await accept('github-issues', raw)).toMatchObject({ kind: 'events' });
    });
  });
});
