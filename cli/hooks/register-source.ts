import { UsageError } from '../run-command.ts';

/** The registry of sources, in the project. */
export const registry = 'functions/hooks/sources.ts';

/** Words that cannot name an import there: JavaScript's own, and what the registry calls itself. */
const taken =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|sources|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;
const importLine = /^import \w+ from '\.\/sources\/([a-z0-9-]+)\.ts';$/;
const entryLine = /^ {2}'?([a-z0-9-]+)'?[,:]/;

/** The name that a source has in code: `githubIssues` of `github-issues`. */
export function identifierOf(name: string): string {
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return taken.test(camel) ? `${camel}Source` : camel;
}

/**
 * The registry's text with one more source: its import and its line, each before the first that sorts after it. Throws UsageError when
 * the text is not one that they fit into.
 */
export function withSource(text: string, name: string): string {
  const lines = text.replace(/^(export const sources\b.* = \{)\}/m, '$1\n}').split('\n');
  const start = lines.findIndex((line) => /^export const sources\b.* = \{$/.test(line));
  const end = lines.indexOf('};', start);
  if (start < 0 || end < 0)
    throw new UsageError(`${registry} has no \`export const sources = { … };\` to put the source into`);
  const identifier = identifierOf(name);
  const entry = name === identifier ? `  ${name},` : `  '${name}': ${identifier},`;
  // The later one first, so that the numbers of the lines before it stay.
  lines.splice(placeOf(name, lines, entryLine, start + 1, end) ?? end, 0, entry);
  const last = lines.findLastIndex((line) => line.startsWith('import '));
  const place = placeOf(name, lines, importLine, 0, start) ?? last + 1;
  lines.splice(place, 0, `import ${identifier} from './sources/${name}.ts';`);
  return lines.join('\n');
}

/** The first of these lines whose name, the pattern's group, sorts after `name`; undefined when there is none. */
function placeOf(
  name: string,
  lines: readonly string[],
  pattern: RegExp,
  from: number,
  to: number,
): number | undefined {
  const found = lines.slice(from, to).findIndex((line) => (pattern.exec(line)?.[1] ?? '') > name);
  return found < 0 ? undefined : from + found;
}
