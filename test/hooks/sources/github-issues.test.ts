import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'github-issues';

describe('an issue at GitHub', () => {
  it('is a conversation with the one who opened it', () => {
    expect(draftOf(name)).toEqual({
      customer: { externalId: 'github-user-21031067' },
      externalId: 'github-issue-444500041',
      name: 'Spelling error in the README file',
      createdAt: '2019-05-15T15:20:18Z',
      custom: {
        repositoryStr: 'Codertocat/Hello-World',
        authorStr: 'Codertocat',
        issueUrl: 'https://github.com/Codertocat/Hello-World/issues/1',
      },
    });
  });

  it('is taken when it is opened, and not when anything else happens', () => {
    expect(accepts(name, { event: 'issues', action: 'opened' })).toBe(true);
    for (const action of ['closed', 'reopened', undefined]) {
      expect(accepts(name, { event: 'issues', action })).toBe(false);
    }
    expect(accepts(name, { event: 'pull_request', action: 'opened' })).toBe(false);
  });

  it.each([
    [{ '/issue': undefined }, '/issue'],
    [{ '/issue/id': '444500041' }, '/issue/id'],
    [{ '/issue/title': null }, '/issue/title'],
    [{ '/issue/html_url': 5 }, '/issue/html_url'],
    [{ '/issue/created_at': undefined }, '/issue/created_at'],
    [{ '/issue/user': null }, '/issue/user'],
    [{ '/issue/user/id': 1.5 }, '/issue/user/id'],
    [{ '/issue/user/login': undefined }, '/issue/user/login'],
    [{ '/repository': undefined }, '/repository'],
    [{ '/repository/full_name': 5 }, '/repository/full_name'],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
