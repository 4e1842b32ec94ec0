import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The anchors of a page's headings, as GitHub and others make them; `from` and `to` are the headings of a part. */
export function anchorsOf(page: string, part?: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8');
  const lines = text.replaceAll(/^```.*?^```/gms, '').split('\n');
  const headings = lines.flatMap((line) => {
    const [, level, title] = /^(#+) (.+)$/.exec(line) ?? [];
    return level && title ? [{ level: level.length, anchor: anchorOf(title) }] : [];
  });
  if (part === undefined) return headings.map(({ anchor }) => anchor);
  const start = headings.findIndex(({ anchor }) => anchor === part);
  const rest = headings.slice(start + 1);
  const end = rest.findIndex(({ level }) => level <= headings[start]!.level);
  return rest.slice(0, end < 0 ? undefined : end).map(({ anchor }) => anchor);
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
