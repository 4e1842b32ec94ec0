import * as z from 'zod/mini';
import { badRequest, type Fault } from '../lambda/problem.ts';
import { customAttributeFault, maxCustomKeys, type CustomValue } from './custom-attributes.ts';
import { customerField } from './customer-field.ts';
import { customerName, derivedCustomerId, type CustomerName } from './customer-ref.ts';
import { isDateTime, toUtc } from './date-time.ts';
import { faultsOf } from './faults.ts';
import { isObjectId } from './identity.ts';
import { hasAtMost } from './text.ts';

const textUpTo = (limit: number) =>
  z
    .string()
    .check(z.refine((text) => hasAtMost(limit, text), { error: `must be at most ${limit} characters` }));
const objectId = z
  .string()
  .check(z.refine(isObjectId, { error: 'must be an object id: 24 lower-case hex digits' }));
const dateTime = z.pipe(
  z.string().check(z.refine(isDateTime, { error: 'must be an RFC 3339 date-time', abort: true })),
  z.transform(toUtc),
);
const uniqueUpTo = <Item extends z.ZodMiniType<string>>(limit: number, item: Item) =>
  z.array(item).check(
    z.maxLength(limit),
    z.refine((items) => new Set(items).size === items.length, { error: 'must not hold the same item twice' }),
  );
const objectIds = uniqueUpTo(10, objectId);
const tag = z.string().check(
  z.regex(/^[0-9a-zA-ZÀ-ÿ_/<>\-.][0-9a-zA-ZÀ-ÿ _/<>\-.]{0,63}$/, {
    error: 'must be a tag: 1 to 64 letters, digits, blanks or _ / < > - . and not begin with a blank',
  }),
);

/** Values come back as they were sent: the very object is kept, not a copy. */
const custom = z
  .custom<Record<string, CustomValue>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    { error: 'must be an object' },
  )
  .check(({ value, issues }) => {
    const keys = Object.keys(value);
    if (keys.length > maxCustomKeys) {
      issues.push({ code: 'custom', message: `must have at most ${maxCustomKeys} keys`, input: value });
      return;
    }
    for (const key of keys) {
      const fault = customAttributeFault(key, value[key]);
      if (fault === 'unknown') issues.push({ code: 'unrecognized_keys', keys: [key], input: value });
      else if (fault) issues.push({ code: 'custom', message: fault, path: [key], input: value[key] });
    }
  });

const queue = z
  .strictObject({
    id: z.optional(z.nullable(z.string())),
    external: z.optional(z.nullable(z.enum(['amazon-connect']))),
  })
  .check(
    z.refine((value) => value.id !== undefined || value.external !== undefined, {
      error: 'must have at least one of id and external',
    }),
  );

const fields = {
  id: z.optional(objectId),
  externalId: z.optional(textUpTo(256)),
  name: z.optional(textUpTo(256)),
  status: z.optional(z.enum(['open', 'done'])),
  priority: z.optional(z.literal([1, 2, 3, 4, 5], { error: 'must be a whole number from 1 to 5' })),
  createdAt: z.optional(dateTime),
  importedAt: z.optional(dateTime),
  direction: z.optional(z.enum(['in', 'out'])),
  replyChannel: z.optional(z.nullable(textUpTo(256))),
  tags: z.optional(uniqueUpTo(20, tag)),
  assignedUsers: z.optional(objectIds),
  assignedTeams: z.optional(objectIds),
  custom: z.optional(custom),
  defaultLang: z.optional(z.nullable(textUpTo(100))),
  queue: z.optional(queue),
};

const draftSchema = z.strictObject({ ...fields, customer: customerField });
const nestedSchema = z.strictObject({ ...fields, campaign: z.optional(objectId) });

/**
 * A conversation that somebody wants created, checked against the contract (section 2): dates are in UTC with
 * milliseconds, the customer is named in one way of writing, everything else is as it was sent.
 */
export interface AskedDraft extends z.infer<typeof draftSchema> {
  /** Only the route nested under a customer takes it. */
  campaign?: string | undefined;
}

/** A draft whose customer has an id. */
export interface Draft extends AskedDraft {
  /** The one given, or the one that follows from the customer's name. */
  customer: string;
  /** What the customer is called, where no id was given. Goes along to the destination, and is not kept with the conversation. */
  named?: CustomerName | undefined;
}

/** The draft with the id of its customer, who is one of the organisation's, and new to it only if that may be. */
export function resolveCustomer(org: string, asked: AskedDraft, mayBeNew = true): Draft {
  const { customer } = asked;
  // Nearly all name an id: those are not copied.
  if (typeof customer === 'string') return asked as Draft;
  const named = customerName(customer);
  const id = derivedCustomerId(org, named);
  return { ...asked, customer: id, named: mayBeNew ? named : { ...named, mustExist: true } };
}

/** Checks a draft that names its customer. Every fault at once, each with its JSON pointer. */
export function checkDraft(value: unknown): { draft: AskedDraft } | { faults: Fault[] } {
  const parsed = draftSchema.safeParse(value);
  return parsed.success ? { draft: parsed.data } : { faults: faultsOf(parsed.error, value) };
}

/**
 * Reads the body of POST /v1/conversations. Throws Problem 400 with every fault at once, `known` ones of the body among them.
 */
export function parseDraft(value: unknown, known: readonly Fault[] = []): AskedDraft {
  const checked = checkDraft(value);
  if ('draft' in checked && known.length === 0) return checked.draft;
  throw badRequest([...known, ...('faults' in checked ? checked.faults : [])]);
}

/**
 * Reads a draft whose customer stands in the path: the body of POST /v1/customers/{id}/conversations, where every
 * field may be left out, and so may the body. Throws Problem 400 with every fault at once, the path's and `known` ones included.
 */
export function parseDraftFor(customer: string, value: unknown, known: readonly Fault[] = []): Draft {
  const owner = objectId.safeParse(customer);
  const parsed = nestedSchema.safeParse(value === undefined ? {} : value);
  if (owner.success && parsed.success && known.length === 0) return { ...parsed.data, customer };
  throw badRequest([
    ...(owner.success ? [] : [customerIdFault]),
    ...known,
    ...(parsed.success ? [] : faultsOf(parsed.error, value)),
  ]);
}

const customerIdFault = {
  title: 'The customer id in the path must be an object id: 24 lower-case hex digits',
  parameter: 'id',
};

/** The customer id of a path, as it stands. Throws Problem 400 when it is not an object id. */
export function parseCustomerId(text: string): string {
  if (!isObjectId(text)) throw badRequest(customerIdFault);
  return text;
}
