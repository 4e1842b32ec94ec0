/** The output of the stateful stack that names a source's secret, e.g. `GithubIssuesSecret` of `github-issues`. */
export function secretOutput(source: string): string {
  return `${source.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Secret`;
}
