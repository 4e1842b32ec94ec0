import { describe, expect, it } from '@jest/globals';
import { identifierOf, withSource } from '../../cli/hooks/register-source.ts';

const registry = `import type { AnySource } from './source.ts';
import beta from './sources/beta.ts';
import delta2 from './sources/delta-2.ts';

/** All sources. */
export const sources: Readonly<Record<string, AnySource>> = {
  beta,
  'delta-2': delta2,
};
`;
const importsIn = (text: string) => text.match(/(?<=\.\/sources\/)[a-z0-9-]+/g);
const entriesIn = (text: string) => text.match(/(?<=^ {2}'?)[a-z0-9-]+(?='?[,:])/gm);

describe('a source in the registry', () => {
  it.each([
    ['alpha', ['alpha', 'beta', 'delta-2']],
    ['charlie', ['beta', 'charlie', 'delta-2']],
    ['delta', ['beta', 'delta', 'delta-2']],
    ['zulu-1', ['beta', 'delta-2', 'zulu-1']],
  ])('has its import and its line where %s sorts', (name, names) => {
    const text = withSource(registry, name);
    expect(importsIn(text)).toEqual(names);
    expect(entriesIn(text)).toEqual(names);
  });

  it('changes nothing but its two lines', () => {
    const lines = withSource(registry, 'zulu-1').split('\n');
    const added = ["import zulu1 from './sources/zulu-1.ts';", "  'zulu-1': zulu1,"];
    expect(lines.filter((line) => !added.includes(line)).join('\n')).toBe(registry);
  });

  it('may be the first', () => {
    const empty = registry.replace(/^import \w+ from .*\n/gm, '').replace(/\{\n[^}]*\}/, '{}');
    const text = withSource(empty, 'alpha');
    expect(text).toContain("source.ts';\nimport alpha from './sources/alpha.ts';\n");
    expect(text).toContain('= {\n  alpha,\n};\n');
  });

  it('keeps a line that is broken in two whole', () => {
    const broken = registry.replace("'delta-2': delta2,", "'delta-2':\n    delta2,");
    expect(withSource(broken, 'zulu')).toContain("'delta-2':\n    delta2,\n  zulu,\n};");
  });

  it.each([
    ['export', 'exportSource'],
    ['new', 'newSource'],
    ['sources', 'sourcesSource'],
    ['order-2-paid', 'order2Paid'],
  ])('is not called what cannot be a name there: %s', (name, identifier) => {
    expect(identifierOf(name)).toBe(identifier);
  });

  it('has no place in a text that is no registry', () => {
    expect(() => withSource('export const others = {};\n', 'alpha')).toThrow(
      'functions/hooks/sources.ts has no `export const sources',
    );
  });
});
