/** The construct id of a source's secret. Whatever it becomes, every sender would have to be given a new one: it stays. */
export function hookSecretId(source: string): string {
  return `${pascalCase(source)}HookSecret`;
}

/** `GithubIssues` of `github-issues`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
