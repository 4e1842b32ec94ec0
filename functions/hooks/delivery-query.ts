import { readCursor, writeCursor } from '../conversations/cursor.ts';
import { isDateTime, toUtc } from '../conversations/date-time.ts';
import { readWholeNumber } from '../conversations/page.ts';
import { badRequest, type Fault } from '../lambda/problem.ts';
import { mostLookedAt, type DeliveryPage, type DeliveryQuery } from './delivery-list.ts';
import { deliveryResource } from './delivery-resource.ts';
import { verdicts, type Verdict } from './delivery-record.ts';
import type { DeliveryOwner } from './stored-delivery.ts';

type Query = Record<string, string | undefined>;

/** A page that is asked for: its number, from 1, and what is to be on it. */
export interface DeliveryListRequest extends DeliveryQuery {
  page: number;
}

const maxPageSize = 100;

/**
 * Reads verdict, from, to, page, pageSize and cursor of a list request; parameters we don't know are ignored. Throws Problem 400 with
 * every fault at once.
 */
export function parseDeliveryQuery(query: Query, owner: DeliveryOwner): DeliveryListRequest {
  const faults: Fault[] = [];
  const page = readWholeNumber(query, 'page', 1, faults);
  const pageSize = Math.min(readWholeNumber(query, 'pageSize', maxPageSize, faults), maxPageSize);
  const verdict = query['verdict'];
  if (verdict !== undefined && !isVerdict(verdict)) {
    faults.push({ title: `verdict must be one of: ${verdicts.join(', ')}`, parameter: 'verdict' });
  }
  const from = readDateTime(query, 'from', faults);
  const to = readDateTime(query, 'to', faults);
  const cursor = query['cursor'];
  const position =
    cursor === undefined ? undefined : readCursor(cursor, boundsOf(owner, { verdict, from, to }));
  if (cursor !== undefined && position === undefined) {
    faults.push({ title: 'cursor is not one that this list gave', parameter: 'cursor' });
  }
  const skip = position === undefined ? (page - 1) * pageSize : 0;
  if (skip >= mostLookedAt) faults.push(tooFar);
  if (faults.length > 0) throw badRequest(faults);
  return {
    page,
    pageSize,
    skip,
    ...(verdict !== undefined && { verdict: verdict as Verdict }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(position !== undefined && { position }),
  };
}

/**
 * The body of a list answer: links are relative and keep what was asked for. Throws Problem 400 when the page's number is more than can
 * be counted to.
 */
export function deliveryListAnswer(
  owner: DeliveryOwner,
  request: DeliveryListRequest,
  { records, next, unskipped }: DeliveryPage,
  query: Query,
) {
  if (unskipped > 0 && next !== undefined) throw badRequest(tooFar);
  const { page, pageSize } = request;
  const kept = (['verdict', 'from', 'to'] as const).flatMap((name) =>
    request[name] === undefined ? [] : [`${name}=${request[name]}`],
  );
  const link = (to: number, cursor?: string) =>
    `/v1/hooks/${owner.source}/deliveries?` +
    [
      `page=${to}`,
      `pageSize=${pageSize}`,
      ...kept,
      ...(cursor === undefined ? [] : [`cursor=${cursor}`]),
    ].join('&');
  return {
    meta: { pageSize, page },
    data: records.map(deliveryResource),
    links: {
      self: link(page, query['cursor']),
      first: link(1),
      // The way back is not kept: deliveries are read newest first.
      prev: null,
      next: next === undefined ? null : link(page + 1, writeCursor(next, boundsOf(owner, request))),
    },
  };
}

/** Is this the name of a verdict? */
function isVerdict(text: string): text is Verdict {
  return (verdicts as readonly string[]).includes(text);
}

function boundsOf(
  { org, source }: DeliveryOwner,
  { verdict, from, to }: { verdict?: string | undefined; from?: string | undefined; to?: string | undefined },
) {
  return ['deliveries', org, source, verdict, from, to];
}

function readDateTime(query: Query, parameter: 'from' | 'to', faults: Fault[]): string | undefined {
  // A plus sign that was not percent-encoded arrives as a blank.
  const text = query[parameter]?.replace(/ (\d\d:\d\d)$/, '+$1');
  if (text === undefined) return undefined;
  if (isDateTime(text)) return toUtc(text);
  faults.push({ title: `${parameter} must be an RFC 3339 date-time`, parameter });
  return undefined;
}

const tooFar: Fault = {
  title: 'page is too far from the first to be counted to',
  detail: `Only the first ${mostLookedAt} deliveries can be: follow links.next instead.`,
  parameter: 'page',
};
