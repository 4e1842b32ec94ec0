import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSecrets } from '../../../functions/hooks/hook-secrets.ts';

/** Reads the secrets that a local system made for its sources; resolves a source's name, e.g. `github-issues`, to what it signs with. */
export function signingSecrets(dataDir: string): (source: string) => string {
  const kept = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    { value: string }
  >;
  return (source) => {
    const prefix = `${source.replaceAll('-', '')}HookSecret`.toLowerCase();
    const name = Object.keys(kept).find((each) => each.toLowerCase().startsWith(prefix)) ?? '';
    return parseSecrets(kept[name]?.value ?? '')[0] ?? '';
  };
}
