import { sourcesOn } from '../sources-on.ts';
import type { StageSettings } from '../stages.ts';

/** The construct id of the secret of a relay's API key. */
export const kustomerKeyId = 'KustomerApiKey';

/** The construct id of a source's secret. Under another one every sender would have to be given a new secret: it stays. */
export function hookSecretId(source: string): string {
  return `${pascalCase(source)}HookSecret`;
}

/** The construct ids of all secrets that a stage's stateful stack makes. */
export function secretIds(settings: StageSettings): string[] {
  const { destination } = settings;
  const makesKey = destination.kind === 'kustomer' && destination.apiKeySecret === undefined;
  return [...sourcesOn(settings).map(hookSecretId), ...(makesKey ? [kustomerKeyId] : [])];
}

/** `GithubIssues` of `github-issues`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
