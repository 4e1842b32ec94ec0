import { badRequest, type Fault } from '../lambda/problem.ts';
import type { ListRequest, Page } from './conversation-store.ts';
import { conversationResource } from './conversation.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { isDateTime, toUtc } from './date-time.ts';

type Query = Record<string, string | undefined>;

/** Whose conversations are listed. */
interface Owner {
  org: string;
  customer: string;
}

/** Most conversations of one page; a larger pageSize is served as this. */
const maxPageSize = 100;

/**
 * Reads page, pageSize, fromDate and cursor of a list request; parameters we don't know are ignored.
 * Throws Problem 400 with every fault at once.
 */
export function parseListRequest(query: Query, owner: Owner): ListRequest {
  const faults: Fault[] = [];
  const wholeNumber = (parameter: 'page' | 'pageSize', otherwise: number) =>
    readWholeNumber(query, parameter, otherwise, faults);
  const request: ListRequest = {
    page: wholeNumber('page', 1),
    pageSize: Math.min(wholeNumber('pageSize', maxPageSize), maxPageSize),
  };
  // A plus sign that was not percent-encoded arrives as a blank.
  const fromDate = query['fromDate']?.replace(/ (\d\d:\d\d)$/, '+$1');
  if (fromDate !== undefined && !isDateTime(fromDate)) {
    faults.push({ title: 'fromDate must be an RFC 3339 date-time', parameter: 'fromDate' });
  } else if (fromDate !== undefined) request.fromDate = toUtc(fromDate);
  if (query['cursor'] !== undefined) {
    const start = readStart(query['cursor'], owner);
    if (start) request.start = start;
    else faults.push({ title: 'cursor is not one that this list gave', parameter: 'cursor' });
  }
  if (faults.length > 0) throw badRequest(faults);
  return request;
}

/** A query parameter that is a whole number from 1; a fault is added when it is something else. */
export function readWholeNumber(query: Query, parameter: string, otherwise: number, faults: Fault[]): number {
  const text = query[parameter];
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  faults.push({ title: `${parameter} must be a whole number from 1`, parameter });
  return otherwise;
}

/** The body of a list answer (contract, section 6): links are relative and keep page, pageSize and fromDate. */
export function listAnswer(
  owner: Owner,
  request: ListRequest,
  { conversations, next, prev }: Page,
  query: Query,
) {
  const { page, pageSize } = request;
  const link = (to: number, cursor?: string) =>
    `/v1/customers/${owner.customer}/conversations?` +
    [
      `page=${to}`,
      `pageSize=${pageSize}`,
      ...(query['fromDate'] === undefined ? [] : [`fromDate=${encodeDate(query['fromDate'])}`]),
      ...(cursor === undefined ? [] : [`cursor=${cursor}`]),
    ].join('&');
  return {
    meta: { pageSize, page },
    data: conversations.map(conversationResource),
    links: {
      self: link(page, query['cursor']),
      first: link(1),
      prev: page === 1 ? null : link(page - 1, prev && writeStart({ before: prev }, owner)),
      next: next === undefined ? null : link(page + 1, writeStart({ after: next }, owner)),
    },
  };
}

/** As the vendor's example writes it: colons stand as they are. */
function encodeDate(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

function writeStart(start: NonNullable<ListRequest['start']>, { org, customer }: Owner): string {
  return writeCursor('after' in start ? `>${start.after}` : `<${start.before}`, [org, customer]);
}

/** The place a cursor stands for; undefined when it is not one of this list. */
function readStart(cursor: string, { org, customer }: Owner): ListRequest['start'] {
  const text = readCursor(cursor, [org, customer]);
  if (text === undefined) return undefined;
  return text.startsWith('>') ? { after: text.slice(1) } : { before: text.slice(1) };
}
