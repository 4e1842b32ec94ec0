import type { ListRequest } from './conversation-store.ts';

/** The position before the first page, to which the vendor has no link: nothing is there. */
const beforeTheFirst = 'page=0';

/**
 * The position in a list that a link of the vendor's leads to: its query besides pageSize and fromDate. Where else a link leads does not
 * count. Without a link to what comes before, it is the position before the first page.
 */
export function positionAt(link: string | undefined): string {
  if (link === undefined) return beforeTheFirst;
  const query = new URLSearchParams(link.slice(link.indexOf('?') + 1));
  query.delete('pageSize');
  query.delete('fromDate');
  return query.toString();
}

/** The vendor's query for a page of a list; undefined for the page before the first. */
export function pageQuery({ page, pageSize, fromDate, start }: ListRequest): URLSearchParams | undefined {
  const position = start && ('after' in start ? start.after : start.before);
  if (position === beforeTheFirst) return undefined;
  const query = new URLSearchParams(position ?? `page=${page}`);
  query.set('pageSize', String(pageSize));
  if (fromDate !== undefined) query.set('fromDate', fromDate);
  return query;
}
