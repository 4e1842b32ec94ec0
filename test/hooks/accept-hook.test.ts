import { describe, expect, it } from '@jest/globals';
import { acceptHook, type Accepted } from '../../functions/hooks/accept-hook.ts';
import type { RawDelivery } from '../../functions/hooks/delivery.ts';
import { customerIdOf, externalIdHolder } from '../../functions/conversations/identity.ts';
import { Problem } from '../../functions/lambda/problem.ts';
import { author } from '../conversations/asked.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { githubDelivery, githubExample, githubExamples, githubSecret } from './github-delivery.ts';

interface IssueOpened {
  issue: { id: number; title: unknown; user: { id: number } | null; html_url: unknown; created_at: string };
  repository?: object;
}

const accept = (source: string, raw: RawDelivery, secrets: readonly string[] = [githubSecret]) =>
  acceptHook(source, raw, author, () => Promise.resolve(secrets));
const opened = () => githubExample<IssueOpened>('issues', 'opened');
const issues = { event: 'issues' };

describe('all payloads of GitHub’s documentation', () => {
  it.each([
    ['github-issues', { mapped: 6, ignored: 720 }],
    ['github-releases', { mapped: 10, ignored: 716 }],
  ])('go through %s: mapped or ignored, in JSON and as forms', async (source, expected) => {
    for (const form of [false, true]) {
      const counts: Record<string, number> = {};
      for (const { event, payload } of githubExamples) {
        const result = await accept(source, await githubDelivery(payload, { event, form })).catch(
          (error: unknown) => {
            if (error instanceof Problem && error.status === 422) return { kind: 'unprocessable' };
            throw error;
          },
        );
        counts[result.kind] = (counts[result.kind] ?? 0) + 1;
      }
      expect(counts).toEqual(expected);
    }
  });
});

describe('an accepted hook', () => {
  it('makes a conversation of an opened issue, with the one who opened it', async () => {
    const accepted = await accept('github-issues', await githubDelivery(opened(), issues));
    const { org, user } = author;
    const expected: Accepted = {
      kind: 'mapped',
      mode: 'direct',
      event: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      conversation: {
        id: externalIdHolder(org, 'github-issue-444500041'),
        org,
        createdBy: user,
        origin: 'hook#github-issues#72d3162e-cc78-11e3-81ab-4c9367dc0958',
        customer: customerIdOf(org, 'github-user-21031067'),
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
    };
    expect(accepted).toEqual(expected);
  });

  it('queues a published release, named by its tag when it has no name', async () => {
    const payload = githubExample('release', 'published');
    const accepted = await accept('github-releases', await githubDelivery(payload, { event: 'release' }));
    expect(accepted).toMatchObject({
      kind: 'mapped',
      mode: 'queued',
      conversation: {
        externalId: 'github-release-17372790',
        name: '0.0.1',
        customer: customerIdOf(author.org, 'github-user-21031067'),
        custom: { tagStr: '0.0.1', repositoryStr: 'Codertocat/Hello-World' },
      },
    });
  });

  it('means the same conversation when it is delivered again, under its own or another event id', async () => {
    const idsOf = async (id: string) => {
      const accepted = await accept('github-issues', await githubDelivery(opened(), { ...issues, id }));
      return accepted.kind === 'mapped' ? [accepted.conversation.id, accepted.conversation.origin] : [];
    };
    expect(await idsOf('a')).toEqual(await idsOf('a'));
    expect((await idsOf('b'))[0]).toBe((await idsOf('a'))[0]);
    expect((await idsOf('b'))[1]).not.toBe((await idsOf('a'))[1]);
  });

  it('gives two issues of one person to the same customer', async () => {
    const other = opened();
    other.issue.id += 1;
    const [one, two] = await Promise.all(
      [opened(), other].map(async (payload) =>
        accept('github-issues', await githubDelivery(payload, issues)),
      ),
    );
    if (one?.kind !== 'mapped' || two?.kind !== 'mapped') throw new Error('Both should be mapped');
    expect(two.conversation.customer).toBe(one.conversation.customer);
    expect(two.conversation.id).not.toBe(one.conversation.id);
  });

  it('reads a form as it reads JSON, whatever the text', async () => {
    const payload = opened();
    payload.issue.title = 'a+b & c=d %41 é🦀 "x"';
    const accepted = await Promise.all(
      [false, true].map(async (form) =>
        accept('github-issues', await githubDelivery(payload, { ...issues, form })),
      ),
    );
    for (const each of accepted) expect(each).toHaveProperty('conversation.name', payload.issue.title);
  });

  it('shortens a title that is too long for a name, by code points', async () => {
    const payload = opened();
    const nameFor = async (title: string) => {
      payload.issue.title = title;
      const accepted = await accept('github-issues', await githubDelivery(payload, issues));
      return accepted.kind === 'mapped' ? accepted.conversation.name : undefined;
    };
    expect(await nameFor('🦀'.repeat(256))).toBe('🦀'.repeat(256));
    expect(await nameFor('🦀'.repeat(257))).toBe(`${'🦀'.repeat(255)}…`);
  });
});

describe('a hook that is ignored', () => {
  it('is GitHub’s ping, at any source', async () => {
    const ping = await githubDelivery({ zen: 'Keep it logically awesome.', hook_id: 1 }, { event: 'ping' });
    for (const source of ['github-issues', 'github-releases']) {
      expect(await accept(source, ping)).toEqual({
        kind: 'ignored',
        event: ping.headers['x-github-delivery'],
      });
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
    expect(await accept('github-issues', await githubDelivery(payload, { event }))).toMatchObject({
      kind: 'ignored',
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
        acceptHook(source, raw, author, (name) => {
          asked.push(name);
          return Promise.resolve([githubSecret]);
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

  it('meets a source without a secret', async () => {
    const raw = await githubDelivery(opened(), issues);
    expect(await problemOf(401, () => accept('github-issues', raw, []))).toMatchObject({
      reason: 'no secret',
    });
  });

  it.each(['not JSON', '{"action":"opened"', '\ufffe', '[1,]'])(
    'is signed but has no JSON in its body: %j',
    async (text) => {
      await problemOf(400, async () => accept('github-issues', await githubDelivery(text, issues)));
      await problemOf(400, async () =>
        accept('github-issues', await githubDelivery(text, { ...issues, form: true })),
      );
    },
  );

  it('is a form without a payload', async () => {
    const raw = await githubDelivery('pay=1', issues);
    const form = { ...raw, headers: { ...raw.headers, 'content-type': 'application/x-www-form-urlencoded' } };
    await problemOf(400, () => accept('github-issues', form));
  });

  it.each([undefined, ''])('has %j for the id that GitHub gives each event', async (id) => {
    const raw = await githubDelivery(opened(), issues);
    const anonymous = { ...raw, headers: { ...raw.headers, 'x-github-delivery': id } };
    await problemOf(400, () => accept('github-issues', anonymous));
  });

  it('lacks what its source needs, all of which is told', async () => {
    const payload = opened();
    payload.issue.title = 5;
    payload.issue.user = null;
    delete payload.repository;
    const problem = await problemOf(422, async () =>
      accept('github-issues', await githubDelivery(payload, issues)),
    );
    expect(placesOf(problem)).toEqual(['/issue/title', '/issue/user', '/repository']);
  });

  it.each([
    ['createdAt', { created_at: 'yesterday' }, '/createdAt'],
    ['custom', { html_url: 'not a URL' }, '/custom/issueUrl'],
  ])('maps to a draft that the contract does not take: %s', async (_, change, place) => {
    const payload = opened();
    Object.assign(payload.issue, change);
    const problem = await problemOf(422, async () =>
      accept('github-issues', await githubDelivery(payload, issues)),
    );
    expect(placesOf(problem)).toEqual([place]);
  });
});
