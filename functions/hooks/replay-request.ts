import * as z from 'zod/mini';
import { readCursor, writeCursor } from '../conversations/cursor.ts';
import { isDateTime, toUtc } from '../conversations/date-time.ts';
import { faultsOf } from '../conversations/faults.ts';
import { badRequest, type Fault } from '../lambda/problem.ts';
import { verdicts, type Verdict } from './delivery-record.ts';
import type { DeliveryOwner } from './stored-delivery.ts';

/** Which deliveries of a source are to be replayed. Times are UTC with milliseconds. */
export interface ReplayRequest {
  verdict: Verdict;
  /** Only those that came first at or after this. */
  from?: string;
  /** Only those that came first before this. */
  to?: string;
  /** At most so many. */
  limit: number;
  /** Only tells what would become of them. */
  dryRun: boolean;
  /** Only those after this position. */
  position?: string;
}

const dateTime = z.pipe(
  z.string().check(z.refine(isDateTime, { error: 'must be an RFC 3339 date-time', abort: true })),
  z.transform(toUtc),
);
const schema = z.strictObject({
  verdict: z._default(z.enum(verdicts), 'failed'),
  from: z.optional(dateTime),
  to: z.optional(dateTime),
  limit: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 100),
  dryRun: z._default(z.boolean(), false),
  cursor: z.optional(z.string()),
});

/**
 * Reads the body of POST /v1/hooks/{source}/replay. Throws Problem 400 with every fault at once, `known` ones of the body among them.
 */
export function parseReplayRequest(
  value: unknown,
  owner: DeliveryOwner,
  known: readonly Fault[] = [],
): ReplayRequest {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badRequest([...known, ...faultsOf(parsed.error, value)]);
  const { cursor, from, to, ...rest } = parsed.data;
  const request = { ...rest, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const position = cursor === undefined ? undefined : readCursor(cursor, boundsOf(owner, request));
  if (cursor !== undefined && position === undefined) {
    throw badRequest([
      ...known,
      { title: '/cursor is not one that a replay with these filters gave', pointer: '/cursor' },
    ]);
  }
  if (known.length > 0) throw badRequest(known);
  return { ...request, ...(position !== undefined && { position }) };
}

/** The cursor with which another request goes on after a position. */
export function replayCursor(position: string, owner: DeliveryOwner, request: ReplayRequest): string {
  return writeCursor(position, boundsOf(owner, request));
}

function boundsOf(
  { org, source }: DeliveryOwner,
  { verdict, from, to }: Pick<ReplayRequest, 'verdict' | 'from' | 'to'>,
) {
  return ['replay', org, source, verdict, from, to];
}
