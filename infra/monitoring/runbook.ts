import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an alarm is about: each is a heading in docs/operations.md, by its anchor. */
export type Runbook =
  | 'dead-letters'
  | 'dead-letters-expire'
  | 'oldest-message'
  | 'function-errors'
  | 'function-throttles'
  | 'api-errors'
  | 'edge-throttles'
  | 'source-refused'
  | 'slow-hooks'
  | 'slow-creates'
  | 'vendor-key-refused'
  | 'late-bulk-job'
  | 'table-throttles'
  | 'table-errors';

/**
 * Where it says what to do. `homepage` is where the repository's files can be read, and makes a link that can be followed:
 * by default that of package.json. Without one, null, the link is from the repository's own folder.
 */
export function runbookLink(runbook: Runbook, homepage = ownHomepage()): string {
  const page = `docs/operations.md#${runbook}`;
  return homepage === null ? page : `${homepage.replace(/\/$/, '')}/${page}`;
}

function ownHomepage(): string | null {
  const file = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { homepage?: string }).homepage ?? null;
}
