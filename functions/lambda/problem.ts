/** One thing that is wrong with a request: an entry of `errors[]` in the answer. */
export interface Fault {
  /** What is wrong, for a person: complete without the other fields, since clients show only this. */
  title: string;
  /** More about this very request: what was found, what would do. */
  detail?: string;
  /** RFC 6901 JSON pointer into the body, e.g. `/custom/planStr`. */
  pointer?: string;
  /** Name of the query parameter, path parameter or header at fault. */
  parameter?: string;
  /** Machine-readable extras, e.g. the roles of which any one would do. */
  meta?: Record<string, unknown>;
}

/**
 * A refusal: thrown anywhere below a handler, turned into the answer by the HTTP chain.
 * Everything else that is thrown is our own fault and becomes a bland 500.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  /** What only our log may say, e.g. why a signature was refused. */
  readonly reason: string | undefined;

  /** `status` is the HTTP status, `code` the stable word clients switch on; `faults` is never empty. */
  constructor(
    status: number,
    code: string,
    faults: readonly Fault[],
    { headers = {}, reason }: { headers?: Record<string, string>; reason?: string } = {},
  ) {
    super(faults.map((fault) => fault.title).join('; '));
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.faults = faults;
    this.headers = headers;
    this.reason = reason;
  }
}

/**
 * What we depend on is out of reach, or does not let us in. Worth repeating. A caller is told no more than `unavailable` says; the
 * message and the cause are for our log, and hold no secret.
 */
export class Unreachable extends Error {
  /** Is it our key that is refused there? Then nothing works before somebody acts. */
  get isKeyRefused(): boolean {
    return false;
  }
}

/** Did it come to this because our key is refused? */
export function isKeyRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof Unreachable && error.isKeyRefused) || isKeyRefused(error.cause);
}

/** So many faults are told at once: enough to mend a body, and an answer that stays within Lambda's 6 MB. */
export const maxFaults = 1000;

/** 400 with one entry for each fault; of several at one place the first. */
export function badRequest(faults: Fault | readonly Fault[]): Problem {
  return new Problem(400, 'bad_request', onePerPlace([faults].flat()).slice(0, maxFaults));
}

function onePerPlace(faults: readonly Fault[]): Fault[] {
  const places = new Set<string>();
  return faults.filter(({ pointer, parameter }) => {
    const place = JSON.stringify([pointer, parameter]);
    return !places.has(place) && places.add(place);
  });
}

/** 401: no key, a key we don't know, or one that is expired or revoked: the answer never says which, only the log has the reason. */
export function unauthorized(reason?: string): Problem {
  return new Problem(
    401,
    'unauthorized',
    [
      {
        title: 'A valid API key is required',
        detail:
          'Send it as "Authorization: Bearer <key>". The key may be missing, mistyped, expired or revoked.',
      },
    ],
    { headers: { 'www-authenticate': 'Bearer' }, ...(reason !== undefined && { reason }) },
  );
}

/** 403: a good key without any of `roles`. */
export function forbidden(roles: readonly string[]): Problem {
  return new Problem(403, 'forbidden', [
    {
      title: `The API key lacks a role: any one of ${roles.join(', ')} would do`,
      detail: "A key's roles cannot be changed: create a key with the role, or one above it.",
      meta: { roles },
    },
  ]);
}

/** 404: no such object, or one of another organisation: the same answer for both. */
export function notFound(what: string): Problem {
  return new Problem(404, 'notfound', [
    { title: `No such ${what}`, detail: 'It does not exist, or it is outside the reach of this API key.' },
  ]);
}

/** 409: the conversation `id` holds the value that was asked for in `field`. */
export function conflict(id: string, field: string): Problem {
  return new Problem(409, 'conflict', [
    {
      title: `Conversation ${id} exists already with this ${field}`,
      detail: 'Nothing was written. meta.id names the conversation that holds it.',
      pointer: `/${field}`,
      meta: { id },
    },
  ]);
}

/** 413: `limit` in bytes. */
export function payloadTooLarge(limit: number): Problem {
  return new Problem(413, 'payload_too_large', [
    { title: `The body is larger than ${limit} bytes`, detail: 'Nothing was written.', meta: { limit } },
  ]);
}

/** 415: what came instead of JSON. */
export function unsupportedMediaType(contentType: string): Problem {
  return new Problem(415, 'unsupported_media_type', [
    {
      title: 'The body must be application/json in UTF-8',
      detail: `The content type was ${JSON.stringify(contentType.slice(0, 100))}.`,
      parameter: 'content-type',
    },
  ]);
}

/** 401 for a webhook: the sender is not told why, the log is. */
export function refused(reason: string): Problem {
  return new Problem(
    401,
    'unauthorized',
    [{ title: 'The delivery is refused', detail: 'Its signature does not prove that the sender made it.' }],
    { reason },
  );
}

/** 403 for a webhook that comes from elsewhere than its sender's addresses. */
export function refusedAddress(): Problem {
  return new Problem(
    403,
    'forbidden',
    [
      {
        title: 'The delivery is refused',
        detail: 'It does not come from an address that its sender sends from.',
      },
    ],
    { reason: 'another address' },
  );
}

/** 422: an event that is genuine, but is not what its source is written for. */
export function unprocessable(faults: readonly Fault[]): Problem {
  return new Problem(422, 'unprocessable', faults.slice(0, maxFaults), { reason: 'payload does not fit' });
}

/** 500: a fault of ours. */
export function internalError(): Problem {
  return new Problem(500, 'internal_error', [
    {
      title: 'Something went wrong on our side',
      detail: 'Nothing is lost by sending the request again; meta.requestId finds the cause in the logs.',
    },
  ]);
}

/** 503: what we need is out of reach for now; nothing was acknowledged, so the same request is to be sent again. */
export function unavailable(): Problem {
  return new Problem(
    503,
    'unavailable',
    [{ title: 'The service is out of reach for the moment', detail: 'Send the same request again.' }],
    { headers: { 'retry-after': '5' } },
  );
}

/**
 * The body of an error answer: one shape that satisfies both that the vendor documents (concepts/errors):
 * numeric `status`, `code`, `title`, `message` (the same text), `detail`, `source` and `meta` where there is one.
 */
export function problemBody(problem: Problem, requestId: string): { errors: object[] } {
  return {
    errors: problem.faults.map(({ title, detail, pointer, parameter, meta }) => ({
      status: problem.status,
      code: problem.code,
      title,
      message: title,
      detail: detail ?? title,
      ...(pointer !== undefined && { source: { pointer } }),
      ...(parameter !== undefined && { source: { parameter } }),
      ...((meta || problem.status >= 500) && {
        meta: { ...meta, ...(problem.status >= 500 && { requestId }) },
      }),
    })),
  };
}

/** Escapes one reference token of a JSON pointer (RFC 6901, section 3); half of a surrogate pair is shown as U+FFFD. */
export function escapePointer(token: string): string {
  return token.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The fault of a field that the contract does not know. */
export function unknownField(pointer: string): Fault {
  return {
    title: `${pointer} is not a known field`,
    detail: 'Unknown fields are refused, so that a misspelt one is not silently lost.',
    pointer,
  };
}
