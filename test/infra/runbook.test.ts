import { describe, expect, it } from '@jest/globals';
import { runbookLink } from '../../infra/monitoring/runbook.ts';

describe('the link to what to do', () => {
  it('starts at the repository’s own folder, as long as package.json does not say where it is on the web', () => {
    expect(runbookLink('oldest-message', null)).toBe('docs/operations.md#oldest-message');
  });

  it.each(['https://github.com/acme/intake/blob/main', 'https://github.com/acme/intake/blob/main/'])(
    'can be followed with the homepage %s',
    (homepage) => {
      expect(runbookLink('oldest-message', homepage)).toBe(
        'https://github.com/acme/intake/blob/main/docs/operations.md#oldest-message',
      );
    },
  );
});
