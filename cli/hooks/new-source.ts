import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { UsageError } from '../run-command.ts';
import { headersPath, samplePath } from './read-sample.ts';
import { identifierOf, registry, withSource } from './register-source.ts';

/** The starters: for each sender a source that works, and a sample for it. A new source is a copy. */
const starters = join(import.meta.dirname, '..', 'starters');

/** Said once in each new source, above the first line that begins so. */
const hints: readonly [line: string, hint: string][] = [
  [
    '  accept',
    'Which events become conversations: the others are answered, and ignored. Change it to yours.',
  ],
  [
    '  payload',
    'What the draft needs of such an event, and no more: one that does not fit is kept as rejected.',
  ],
  [
    '  delivery',
    "'direct': created while the sender waits. 'queued': soon after the answer, for many at once.",
  ],
  ['    customer:', 'Whose conversation it is: { id }, { email }, { phone } or { externalId }.'],
  ['    externalId:', 'One conversation for each of these. Without it: one for each event.'],
  ['    custom:', 'Attributes of your own: their names end in Num, At, Str, Txt, Bool or Url.'],
];

/**
 * Writes a source that works, its test and its sample, and registers it. Throws UsageError, and writes nothing, for a name that
 * cannot be one or that is in use, and for a sender that has no starter.
 *
 * @param root the project's folder
 * @param existing the names of the sources there are
 * @returns the files that were written or changed, in the project
 */
export async function newSource(
  root: string,
  { name, sender, existing }: { name: string; sender: string; existing: readonly string[] },
): Promise<string[]> {
  checkName(name, existing);
  const sample = samplePath(starters, sender);
  if (!existsSync(sample))
    throw new UsageError(
      `${sender} has no starter: put ${sender}.ts and a sample, ${sender}.json, into cli/starters`,
    );
  const written: Record<string, string> = {
    [`functions/hooks/sources/${name}.ts`]: sourceText(
      await readFile(join(starters, `${sender}.ts`), 'utf8'),
    ),
    [`test/hooks/sources/${name}.test.ts`]: testText(name),
    [`docs/samples/${name}${extname(sample)}`]: await readFile(sample, 'utf8'),
    [`docs/samples/${name}.headers`]: await readFile(headersPath(sample), 'utf8'),
  };
  const inUse = Object.keys(written).find((path) => existsSync(join(root, path)));
  if (inUse !== undefined) throw new UsageError(`There is a file ${inUse}: choose another name`);
  const registered = withSource(await readFile(join(root, registry), 'utf8'), name);
  // Last, so that the registry never names what is not there.
  for (const [path, text] of Object.entries({ ...written, [registry]: registered })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path.endsWith('.ts') ? await formatted(root, path, text) : text);
  }
  return [...Object.keys(written), registry];
}

function checkName(name: string, existing: readonly string[]): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 50)
    throw new UsageError(`${name} is not kebab-case, as order-cancelled is: it goes into the URL`);
  // github-issues2 and github-issues-2 would be one name in code and in the template.
  const same = existing.find((each) => identifierOf(each) === identifierOf(name));
  if (same !== undefined) throw new UsageError(`There is a source ${same}: choose another name`);
}

/** The starter's text where sources are, with the hints. */
function sourceText(starter: string): string {
  const lines = starter
    .replaceAll("'../../functions/hooks/", "'../")
    .replaceAll("'../../functions/", "'../../")
    .split('\n');
  for (const [line, hint] of hints) {
    const from = line.startsWith('   ') ? lines.findIndex((each) => each.startsWith('  draft')) : 0;
    let place = lines.findIndex((each, index) => index > from && each.startsWith(line));
    if (place < 0) continue;
    if (lines[place - 1]!.startsWith('  //')) place -= 1;
    lines.splice(place, 0, `// ${hint}`);
  }
  return lines.join('\n');
}

function testText(name: string): string {
  const identifier = identifierOf(name);
  return `import { describe, expect, it } from '@jest/globals';
import ${identifier} from '../../../functions/hooks/sources/${name}.ts';
import { mapSample } from '../map-sample.ts';

describe('the source ${name}', () => {
  it('makes a conversation of its sample', () => {
    const plans = mapSample('${name}', ${identifier});
    expect(plans).toMatchObject([{ kind: 'create', conversation: { name: expect.stringMatching(/./) } }]);
  });

  it('rejects an event that has nothing in it', () => {
    expect(mapSample('${name}', ${identifier}, { payload: {} })).toMatchObject([{ kind: 'reject' }]);
  });
});
`;
}

async function formatted(root: string, path: string, text: string): Promise<string> {
  // Loaded when there is something to format: it is large.
  const { format, resolveConfig } = await import('prettier');
  const filepath = join(root, path);
  return await format(text, { ...(await resolveConfig(filepath)), filepath });
}
