import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logLine } from './log-line.ts';
import { metrics, type Outcome } from './metrics.ts';
import { isKeyRefused, Problem } from './problem.ts';

/** What a handler knows of a request, for its line in the log and its metrics. Never a header, a body or a key. */
export interface Known {
  /** The organisation of the caller, or of the source. */
  organisation?: string;
  /** The sender's own id of the event. */
  delivery?: string;
  conversation?: string;
  /** The bulk job. */
  job?: string;
  /** What became of what was asked for. */
  outcome?: Outcome;
  /** Why it was refused. */
  code?: string;
  reason?: string;
  at?: readonly string[];
  /** Which of the live secrets matched, from 0. */
  secret?: number;
  /** How many conversations a bulk job asks for: its outcome is theirs. */
  items?: number;
  /** Of a request with several deliveries: how many became what, and the first of them. */
  outcomes?: Partial<Record<Outcome, number>>;
  deliveries?: readonly Known[];
}

/** Adds to what is known of the request at hand. */
export type Note = (known: Known) => void;

type RequestMiddleware = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

/**
 * One line when a request comes in and one when its answer goes out, then its metrics. A function handles one request at a time: what is
 * noted belongs to that.
 */
export function requestLog(): { log: RequestMiddleware; note: Note } {
  let began = 0;
  let known: Known = {};
  const before: RequestMiddleware['before'] = ({ event, context }) => {
    began = performance.now();
    known = {};
    logLine('request in', idsOf(event, context));
  };
  const finish: RequestMiddleware['after'] = ({ event, context, response, error }) => {
    const ms = Math.round(performance.now() - began);
    const status = response?.statusCode ?? 500;
    const outcome = known.outcome ?? (status >= 500 ? 'failed' : status >= 400 ? 'rejected' : undefined);
    logLine('request out', {
      ...idsOf(event, context),
      status,
      ...known,
      outcome: outcome ?? (known.outcomes ? undefined : 'answered'),
      ...(error instanceof Problem && whyRefused(error)),
      ms,
    });
    if (outcome !== undefined && !metrics.isCounted) metrics.count(outcome, known.items);
    if (isKeyRefused(error)) metrics.add('VendorKeyRefused', 1);
    metrics.add('Latency', ms);
    metrics.flush(context.awsRequestId);
  };
  return {
    log: { before, after: finish, onError: finish },
    note: (more) => void Object.assign(known, more),
  };
}

function idsOf(
  { routeKey, requestContext, pathParameters }: APIGatewayProxyEventV2,
  { awsRequestId }: { awsRequestId: string },
) {
  const source = pathParameters?.['source'];
  return {
    requestId: awsRequestId,
    gatewayRequestId: requestContext?.requestId,
    route: routeKey,
    // What stands there may be no source at all, and anybody's text.
    ...(source !== undefined && { source: /^[a-z][a-z0-9-]{0,49}$/.test(source) ? source : '…' }),
  };
}

/** As many places as a line names. */
const mostPlaces = 5;

/** Why something was refused, without what was sent: the code, our own reason, and the names of the places at fault. */
export function whyRefused({ code, reason, faults }: Problem): Pick<Known, 'code' | 'reason' | 'at'> {
  const places = faults.flatMap(
    ({ pointer, parameter }) => parameter ?? (pointer && nameable(pointer)) ?? [],
  );
  return {
    code,
    ...(reason !== undefined && { reason }),
    ...(places.length > 0 && { at: places.slice(0, mostPlaces) }),
  };
}

/** A pointer into a body, without names in it that may be somebody's data. */
function nameable(pointer: string): string {
  return pointer.replaceAll(/[^/]+/g, (token) =>
    /^(?:[a-z_][\w-]{0,39}|\d{1,5})$/i.test(token) ? token : '…',
  );
}
