import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));
const positive = z.pipe(text, z.pipe(z.transform(Number), z.int().check(z.positive())));
const objectId = z.string().check(z.regex(/^[0-9a-f]{24}$/));

/** Secret ARNs by source name, as JSON: the template writes it, `{"github-issues":"arn:…"}`. */
const secretArns = z.pipe(
  z.pipe(
    text,
    z.transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'is not JSON', input: value });
        return z.NEVER;
      }
    }),
  ),
  z.record(text, text),
);

const variables = {
  CONVERSATIONS_TABLE: text,
  API_KEYS_TABLE: text,
  /** Set by Lambda itself. */
  AWS_REGION: text,
  /** The stage's name, and the function's: that of its handler's file. */
  STAGE: text,
  FUNCTION: text,
  /** Read by the log's library too. */
  POWERTOOLS_SERVICE_NAME: z.optional(text),
  BULK_JOBS_TABLE: text,
  LIMITS_TABLE: text,
  DRAFTS_QUEUE_URL: text,
  DEAD_LETTERS_URL: text,
  DELIVERIES_TABLE: text,
  DELIVERY_BODIES_BUCKET: text,
  HOOK_SECRETS: secretArns,
  /** Where conversations are relayed to; without it they are kept in CONVERSATIONS_TABLE. No slash at its end. */
  KUSTOMER_BASE_URL: z.optional(z.string().check(z.regex(/^https?:\/\/[^/?#]+(\/[^?#]*)?[^/?#]$/))),
  /** Seconds that the vendor may work on what was handed over before that is created one by one; only where it is relayed. */
  KUSTOMER_BULK_PATIENCE: z.optional(positive),
  /** Of the secret that holds the relay's API key. */
  KUSTOMER_KEY_ARN: text,
  /** `no`: customers whom the organisation does not know are not made there. */
  KUSTOMER_NEW_CUSTOMERS: z.optional(z.enum(['yes', 'no'])),
  /** Bytes that the vendor takes in the body of a request. */
  KUSTOMER_REQUEST_BYTES: positive,
  /** Where the vendor's answers do not tell. */
  KUSTOMER_REQUESTS_PER_MINUTE: z.optional(positive),
  /** Of the organisation's requests a minute: so much is left to others. */
  KUSTOMER_RESERVED_SHARE: z.pipe(
    text,
    z.pipe(z.transform(Number), z.number().check(z.nonnegative(), z.lt(1))),
  ),
  MAX_RECEIVES: positive,
  ORGANISATION_ID: objectId,
  ORGANISATION_USER_ID: objectId,
  /** Without a slash at its end: what senders call, as those sign it who sign URLs. */
  PUBLIC_BASE_URL: text,
} as const;

type Variables = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]> };

/**
 * The settings a function needs, by the names of its environment variables, parsed.
 * Called once, at cold start, and the only reader of the environment.
 * Throws one Error that names every variable that is missing or malformed.
 */
export function readConfig<Name extends keyof Variables>(...names: Name[]): Pick<Variables, Name> {
  const settings: Partial<Variables> = {};
  const faults: string[] = [];
  for (const name of names) {
    const parsed = z.safeParse(variables[name], process.env[name]);
    if (parsed.success) settings[name] = parsed.data as Variables[Name];
    else faults.push(`${name}: ${process.env[name] === undefined ? 'missing' : 'malformed'}`);
  }
  if (faults.length > 0) throw new Error(`The function's environment is not right: ${faults.join(', ')}`);
  return settings as Pick<Variables, Name>;
}

/** The trace of the invocation at hand, which Lambda tells anew for each: `1-…-…`. Undefined outside of Lambda. */
export function readTrace(): string | undefined {
  return traceRoot(process.env['_X_AMZN_TRACE_ID']);
}

/** The id of the trace that a header names: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export function traceRoot(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /\bRoot=([\w-]+)/.exec(header)?.[1];
}
