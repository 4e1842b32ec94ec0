import type { AnySource } from './source.ts';
import githubIssues from './sources/github-issues.ts';
import githubReleases from './sources/github-releases.ts';

/** All sources by the name in their URL, /v1/hooks/{source}. A new file in sources/ gets its line here. */
export const sources: Readonly<Record<string, AnySource>> = {
  'github-issues': githubIssues,
  'github-releases': githubReleases,
};
