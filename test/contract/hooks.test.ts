import { sign } from '@octokit/webhooks-methods';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { conversationIn, errorsIn, expectHeaders, placesIn } from './answers.ts';
import { githubExample } from '../hooks/github-delivery.ts';
import { eventually, localSystem, send, signingSecret, type Answer } from './local-system.ts';

interface Issue {
  issue: { id: number; title: unknown };
}
interface Release {
  release: { id: number; name: string | null };
}
interface Verdict {
  type: string;
  id?: string;
  attributes: { source: string; verdict: string; conversation?: string };
}

const limit = 4 * 1024 * 1024;
const issue = (id: number) => {
  const payload = githubExample<Issue>('issues', 'opened');
  payload.issue.id = id;
  return payload;
};
const release = (id: number) => {
  const payload = githubExample<Release>('release', 'published');
  payload.release.id = id;
  return payload;
};
const byExternalId = (externalId: string) => () => send('GET', `/v1/conversations/externalId=${externalId}`);

let secrets: { 'github-issues': string; 'github-releases': string };
beforeAll(async () => {
  await localSystem();
  secrets = {
    'github-issues': await signingSecret('GithubIssues'),
    'github-releases': await signingSecret('GithubReleases'),
  };
}, 90_000);

/** Delivers as GitHub does: signed, unless `headers` say otherwise. */
async function deliver(
  source: keyof typeof secrets,
  payload: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return await send('POST', `/v1/hooks/${source}`, {
    key: null,
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': source === 'github-issues' ? 'issues' : 'release',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await sign(secrets[source], body),
      ...headers,
    },
  });
}
function verdictIn(answer: Answer, status: number, verdict: string): Verdict {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  expectHeaders(answer);
  const { data } = answer.body as { data: Verdict };
  expect(data).toMatchObject({ type: 'delivery', attributes: { verdict } });
  return data;
}

describe('an issue opened on GitHub', () => {
  it('becomes one conversation, however often it is delivered', async () => {
    const first = verdictIn(await deliver('github-issues', issue(1)), 201, 'created');
    const found = conversationIn(await byExternalId('github-issue-1')(), 200);
    expect(found.id).toBe(first.attributes.conversation);
    expect(found.attributes).toMatchObject({
      externalId: 'github-issue-1',
      name: 'Spelling error in the README file',
      createdAt: '2019-05-15T15:20:18.000Z',
      custom: {
        repositoryStr: 'Codertocat/Hello-World',
        authorStr: 'Codertocat',
        issueUrl: 'https://github.com/Codertocat/Hello-World/issues/1',
      },
    });
    const again = verdictIn(await deliver('github-issues', issue(1)), 200, 'repeated');
    expect(again).toEqual({ ...first, attributes: { ...first.attributes, verdict: 'repeated' } });
    const anew = await deliver('github-issues', issue(1), { 'x-github-delivery': 'another' });
    expect(verdictIn(anew, 200, 'repeated').attributes.conversation).toBe(found.id);
    expect(conversationIn(await byExternalId('github-issue-1')(), 200)).toEqual(found);
  });

  it('becomes one conversation of twenty deliveries at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver('github-issues', issue(2))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      ...Array.from({ length: 19 }, () => 200),
      201,
    ]);
  });

  it('may come as a form, and with text of any kind', async () => {
    const payload = issue(3);
    payload.issue.title = 'a+b & c=d %41 é🦀 "x"';
    const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const type = 'application/x-www-form-urlencoded';
    verdictIn(await deliver('github-issues', form, { 'content-type': type }), 201, 'created');
    expect(conversationIn(await byExternalId('github-issue-3')(), 200).attributes).toMatchObject({
      name: payload.issue.title,
    });
  });

  it.each([
    ['a wrong signature', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['a malformed signature', { 'x-hub-signature-256': 'x' }],
    ['an empty signature', { 'x-hub-signature-256': '' }],
  ])('touches nothing with %s', async (_, headers) => {
    const answer = await deliver('github-issues', issue(4), headers);
    errorsIn(answer, 401, 'unauthorized');
    expectHeaders(answer);
    errorsIn(await byExternalId('github-issue-4')(), 404, 'notfound');
  });

  it('touches nothing without a signature, also with a good API key', async () => {
    const options = { json: issue(4), headers: { 'x-github-event': 'issues', 'x-github-delivery': 'a' } };
    for (const key of [null, undefined]) {
      const answer = await send('POST', '/v1/hooks/github-issues', {
        ...options,
        ...(key === null && { key }),
      });
      errorsIn(answer, 401, 'unauthorized');
    }
    errorsIn(await byExternalId('github-issue-4')(), 404, 'notfound');
  });

  it('touches nothing when it is signed with another source’s secret', async () => {
    const payload = JSON.stringify(issue(4));
    const signature = await sign(secrets['github-releases'], payload);
    const answer = await deliver('github-issues', payload, { 'x-hub-signature-256': signature });
    errorsIn(answer, 401, 'unauthorized');
    errorsIn(await byExternalId('github-issue-4')(), 404, 'notfound');
  });

  it('is 409 when somebody else holds its externalId', async () => {
    const json = { customer: '58210c3db0f09110006b7953', externalId: 'github-issue-5' };
    const holder = conversationIn(await send('POST', '/v1/conversations', { json }), 201);
    const errors = errorsIn(await deliver('github-issues', issue(5)), 409, 'conflict');
    expect(errors).toMatchObject([{ meta: { id: holder.id } }]);
  });

  it('is 422 when it is not what the source is written for, 400 when it is no JSON or has no id, also when it comes again', async () => {
    const payload = issue(6);
    payload.issue.title = 5;
    for (const _ of ['once', 'again']) {
      const errors = errorsIn(await deliver('github-issues', payload), 422, 'unprocessable');
      expect(placesIn(errors)).toEqual(['/issue/title']);
      errorsIn(await deliver('github-issues', 'x'), 400, 'bad_request');
      errorsIn(await deliver('github-issues', issue(6), { 'x-github-delivery': '' }), 400, 'bad_request');
    }
    errorsIn(await byExternalId('github-issue-6')(), 404, 'notfound');
  });

  it('is created once it fits, though the same event was refused before', async () => {
    const payload = issue(9);
    const event = { 'x-github-delivery': 'mended' };
    payload.issue.title = 5;
    errorsIn(await deliver('github-issues', payload, event), 422, 'unprocessable');
    verdictIn(await deliver('github-issues', issue(9), event), 201, 'created');
  });

  it('may be 4 MB large, and not a byte more', async () => {
    const json = JSON.stringify(issue(7));
    verdictIn(
      await deliver('github-issues', json + ' '.repeat(limit - Buffer.byteLength(json))),
      201,
      'created',
    );
    const answer = await deliver('github-issues', json + ' '.repeat(limit + 1 - Buffer.byteLength(json)));
    expect(errorsIn(answer, 413, 'payload_too_large')).toMatchObject([{ meta: { limit } }]);
    expectHeaders(answer);
  });
});

describe('another event of GitHub', () => {
  it('is answered and ignored: a ping, an action or an event that the source does not take', async () => {
    const ignored = async (payload: object, headers: Record<string, string>) =>
      verdictIn(await deliver('github-issues', payload, headers), 200, 'ignored');
    await ignored({ zen: 'x', hook_id: 1 }, { 'x-github-event': 'ping' });
    await ignored({ ...issue(8), action: 'closed' }, {});
    const { attributes } = await ignored(release(8), { 'x-github-event': 'release' });
    expect(attributes).toEqual({ source: 'github-issues', verdict: 'ignored' });
    errorsIn(await byExternalId('github-issue-8')(), 404, 'notfound');
  });

  it.each(['nobody', 'constructor', 'GITHUB-ISSUES'])('is 404 at the source %s', async (source) => {
    const answer = await send('POST', `/v1/hooks/${source}`, { key: null, json: issue(8) });
    errorsIn(answer, 404, 'notfound');
    expectHeaders(answer);
  });
});

describe('a release published on GitHub', () => {
  it.each([
    ['plain text', 'First', 101],
    ['emoji in it', '🚀 é', 102],
    ['text that SQS does not take', 'a\uffff\0b', 103],
  ])('is queued, and soon is a conversation, with %s', async (_, name, id) => {
    const payload = release(id);
    payload.release.name = name;
    const queued = verdictIn(await deliver('github-releases', payload), 202, 'queued');
    const there = await eventually(byExternalId(`github-release-${id}`), ({ status }) => status === 200);
    const found = conversationIn(there, 200);
    expect(found.id).toBe(queued.attributes.conversation);
    expect(found.attributes).toMatchObject({ name, custom: { tagStr: '0.0.1' } });
  });

  it('is one conversation when it is delivered again', async () => {
    for (const delivery of ['a', 'a', 'b']) {
      const answer = await deliver('github-releases', release(104), { 'x-github-delivery': delivery });
      verdictIn(answer, 202, 'queued');
    }
    const isThere = ({ status }: Answer) => status === 200;
    const first = await eventually(byExternalId('github-release-104'), isThere);
    expect((await byExternalId('github-release-104')()).body).toEqual(first.body);
  });
});
