import { describe, expect, it } from '@jest/globals';
import { acceptHook } from '../../functions/hooks/accept-hook.ts';
import type { AnySource } from '../../functions/hooks/source.ts';
import { sources } from '../../functions/hooks/sources.ts';
import { unprocessable } from '../../functions/lambda/problem.ts';
import { eventOf, hookContext, opened, rejectionOf } from './accepted.ts';
import { githubDelivery } from './github-delivery.ts';

const issues = { event: 'issues' };

describe('a hook that is genuine and rejected', () => {
  it.each(['not JSON', '{"action":"opened"', '\ufffe', '[1,]'])(
    'has no JSON in its body: %j; it is kept under its hash',
    async (text) => {
      for (const form of [false, true]) {
        const raw = await githubDelivery(text, { ...issues, form });
        expect(await rejectionOf('github-issues', raw)).toMatchObject({
          status: 400,
          id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        });
      }
    },
  );

  it('is a form without a payload', async () => {
    const raw = await githubDelivery('pay=1', issues);
    const form = { ...raw, headers: { ...raw.headers, 'content-type': 'application/x-www-form-urlencoded' } };
    expect(await rejectionOf('github-issues', form)).toMatchObject({ status: 400 });
  });

  it.each([undefined, '', 'x'.repeat(513), 'é'.repeat(257), 'x\ud800'])(
    'has %j for the id that GitHub gives each event; it is kept under its hash',
    async (id) => {
      const raw = await githubDelivery(opened(), issues);
      const anonymous = { ...raw, headers: { ...raw.headers, 'x-github-delivery': id } };
      const rejection = await rejectionOf('github-issues', anonymous);
      expect(rejection).toMatchObject({ status: 400, id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
      expect(await rejectionOf('github-issues', anonymous)).toEqual(rejection);
    },
  );

  it('lacks what its source needs, all of which is told', async () => {
    const payload = opened();
    payload.issue.title = 5;
    payload.issue.user = null;
    delete payload.repository;
    expect(await rejectionOf('github-issues', await githubDelivery(payload, issues))).toEqual({
      id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      status: 422,
      places: ['/issue/title', '/issue/user', '/repository'],
    });
  });

  it.each([
    ['createdAt', { created_at: 'yesterday' }, '/createdAt'],
    ['custom', { html_url: 'not a URL' }, '/custom/issueUrl'],
  ])('maps to a draft that the contract does not take: %s', async (_, change, place) => {
    const payload = opened();
    Object.assign(payload.issue, change);
    expect(await rejectionOf('github-issues', await githubDelivery(payload, issues))).toMatchObject({
      status: 422,
      places: [place],
    });
  });
});

describe('a source whose own code throws', () => {
  const githubIssues = sources['github-issues']!;
  const thrown = new Error('of the source');
  const throwing = (error: Error) => () => {
    throw error;
  };
  const accepted = async (changed: Partial<AnySource>) =>
    eventOf(
      await acceptHook('github-issues', await githubDelivery(opened(), issues), {
        ...hookContext(),
        sources: { 'github-issues': { ...githubIssues, ...changed } },
      }),
    );

  it.each(['accept', 'draft'] as const)(
    'loses nothing: the event is kept as failed, when it is in %s',
    async (part) => {
      const event = await accepted({ [part]: throwing(thrown) });
      expect(event).toMatchObject({
        id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        plan: { kind: 'fail', error: thrown, problem: { status: 500 } },
      });
      expect(event.body.toString()).toBe(JSON.stringify(opened()));
    },
  );

  it('rejects the event when what it throws is a Problem', async () => {
    const problem = unprocessable([{ title: 'not on Sundays' }]);
    expect((await accepted({ draft: throwing(problem) })).plan).toEqual({ kind: 'reject', problem });
  });
});
