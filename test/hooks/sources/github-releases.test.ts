import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'github-releases';

describe('a release at GitHub', () => {
  it('is a conversation with the one who published it', () => {
    expect(draftOf(name)).toEqual({
      customer: { externalId: 'github-user-21031067' },
      externalId: 'github-release-17372790',
      name: '0.0.1',
      custom: {
        repositoryStr: 'Codertocat/Hello-World',
        authorStr: 'Codertocat',
        tagStr: '0.0.1',
        releaseUrl: 'https://github.com/Codertocat/Hello-World/releases/tag/0.0.1',
      },
    });
  });

  it('is named by its tag when it has no name', () => {
    expect(draftOf(name, { '/release/name': 'First' }).name).toBe('First');
    for (const none of [null, '']) expect(draftOf(name, { '/release/name': none }).name).toBe('0.0.1');
  });

  it('is taken when it is published, and not when anything else happens', () => {
    expect(accepts(name, { event: 'release', action: 'published' })).toBe(true);
    for (const action of ['created', 'released', undefined]) {
      expect(accepts(name, { event: 'release', action })).toBe(false);
    }
    expect(accepts(name, { event: 'registry_package', action: 'published' })).toBe(false);
  });

  it.each([
    [{ '/release': undefined }, '/release'],
    [{ '/release/id': '17372790' }, '/release/id'],
    [{ '/release/name': undefined }, '/release/name'],
    [{ '/release/tag_name': null }, '/release/tag_name'],
    [{ '/release/html_url': 5 }, '/release/html_url'],
    [{ '/release/author': null }, '/release/author'],
    [{ '/release/author/id': undefined }, '/release/author/id'],
    [{ '/repository/full_name': undefined }, '/repository/full_name'],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
