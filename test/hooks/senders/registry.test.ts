import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import type { Scheme } from '../../../functions/hooks/scheme.ts';
import type { Sender } from '../../../functions/hooks/sender.ts';
import { senders } from '../../../functions/hooks/senders.ts';

const names = Object.keys(senders);
const folder = new URL('../../../functions/hooks/senders/', import.meta.url);
const page = readFileSync(new URL('../../../docs/senders.md', import.meta.url), 'utf8');

/** The headers that prove something. */
function provingHeaders(scheme: Scheme): string[] {
  if (scheme.kind === 'topic') return [];
  return scheme.kind === 'token' ? [scheme.header] : scheme.headers.map(({ signature }) => signature);
}

describe('a sender', () => {
  it('has the name of its file, and every file is one', () => {
    expect(readdirSync(folder).toSorted()).toEqual(names.map((name) => `${name}.ts`).toSorted());
    for (const [name, sender] of Object.entries(senders)) expect(sender.name).toBe(name);
  });

  it('is exported under its name in camel case', async () => {
    for (const name of names) {
      const exported = (await import(new URL(`${name}.ts`, folder).href)) as Record<string, unknown>;
      const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      expect(exported[camel]).toBe(senders[name]);
    }
  });

  it.each(names)('reads no header that proves anything, and all of them in lower case: %s', (name) => {
    const { scheme, reads } = senders[name]!;
    const proving = provingHeaders(scheme);
    for (const header of [...proving, ...reads]) expect(header).toBe(header.toLowerCase());
    expect(
      reads.filter((header) => proving.includes(header) || /signature|authorization/.test(header)),
    ).toEqual([]);
  });

  it('is told of a misfit only when it then lets it be', () => {
    const told = names.filter((name) => senders[name]!.misfit === 'refuse');
    expect(told).toEqual([
      'api-key',
      'aws-sns',
      'basic',
      'bearer',
      'generic-hmac',
      'github',
      'twilio',
      'typeform',
      'zendesk',
    ]);
  });
});

/** The rows of the tables that stand under a heading of docs/senders.md, by their first cell. */
function rowsUnder(heading: string): Record<string, string[]> {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = section.matchAll(/^\| `([a-z0-9-]+)` +\|(.*)\|$/gm);
  return Object.fromEntries(
    [...rows].map(([, name, cells]) => [name!, cells!.split('|').map((cell) => cell.trim())]),
  );
}

function ageOf({ scheme }: Sender<unknown>): string {
  const tolerance = scheme.kind === 'signature' ? scheme.freshness?.tolerance : undefined;
  return tolerance === undefined ? '–' : `${tolerance} s`;
}

describe('docs/senders.md', () => {
  it('says of every sender what to set there, and which secret it has', () => {
    const rows = rowsUnder('What to set');
    expect(Object.keys(rows).toSorted()).toEqual(names.toSorted());
    for (const cells of Object.values(rows))
      expect(cells).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
  });

  it('says of every sender what this system makes of its deliveries', () => {
    const rows = rowsUnder('What happens');
    expect(Object.keys(rows).toSorted()).toEqual(names.toSorted());
    for (const [name, [deadline, age, misfit]] of Object.entries(rows)) {
      const sender = senders[name]!;
      expect([name, deadline, age, misfit]).toEqual([
        name,
        `${sender.deadline} s`,
        ageOf(sender),
        sender.misfit === 'refuse'
          ? 'the refusal'
          : String(sender.success === 'verdict' ? 200 : sender.success),
      ]);
    }
  });
});
