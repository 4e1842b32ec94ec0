import * as z from 'zod/mini';
import type { Conversation } from './conversation.ts';
import type { Draft } from './draft.ts';
import { unknownOrigin } from './identity.ts';

const text = z.string();
const named = z.looseObject({ data: z.looseObject({ id: text }) });

/** What is read of the vendor's conversation; everything else in it is kept as it came. */
const resourceSchema = z.looseObject({
  type: text,
  id: text,
  attributes: z.looseObject({
    externalId: z.optional(z.nullable(text)),
    createdAt: text,
    updatedAt: text,
  }),
  relationships: z.looseObject({ customer: named, createdBy: z.optional(named) }),
});

const oneSchema = z.looseObject({ data: resourceSchema });
const pageSchema = z.looseObject({
  data: z.array(resourceSchema),
  links: z.looseObject({ next: z.optional(z.nullable(text)), prev: z.optional(z.nullable(text)) }),
});

type Resource = z.infer<typeof resourceSchema>;

/** A page of the vendor's list; links are relative, and null or missing at the ends. */
export interface VendorPage {
  conversations: Conversation[];
  next: string | undefined;
  prev: string | undefined;
}

/** Attributes that a draft may set, and that come back under the same name. */
const drafted = [
  'name',
  'status',
  'priority',
  'importedAt',
  'direction',
  'replyChannel',
  'tags',
  'assignedUsers',
  'assignedTeams',
  'custom',
  'defaultLang',
  'queue',
  'campaign',
] as const satisfies readonly (keyof Draft)[];

/** The body of a create (contract, section 2): with the id that was decided, and a time only where one was asked for. */
export function createBody(conversation: Conversation): object {
  const { id, externalId, createdAt, updatedAt } = conversation;
  return {
    id,
    externalId,
    ...Object.fromEntries(drafted.map((name) => [name, conversation[name]])),
    // Back-dating may need more rights than creating does: the time of asking is not worth them.
    ...(createdAt !== updatedAt && { createdAt }),
  };
}

/** The conversation in the vendor's answer; undefined when that has another shape. */
export function conversationIn(body: unknown, org: string): Conversation | undefined {
  const parsed = oneSchema.safeParse(body);
  return parsed.success ? conversationOf(parsed.data.data, org) : undefined;
}

/** The page in the vendor's answer; undefined when that has another shape. */
export function pageIn(body: unknown, org: string): VendorPage | undefined {
  const parsed = pageSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { data, links } = parsed.data;
  return {
    conversations: data.map((resource) => conversationOf(resource, org)),
    next: links.next ?? undefined,
    prev: links.prev ?? undefined,
  };
}

function conversationOf(resource: Resource, org: string): Conversation {
  const { id, attributes, relationships } = resource;
  const { externalId, createdAt, updatedAt } = attributes;
  const given = drafted.flatMap((name) => {
    const value = (attributes as Record<string, unknown>)[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    // As the vendor has it, which may be more than can be asked for: a conversation can be snoozed.
    ...(Object.fromEntries(given) as Partial<Draft>),
    ...(typeof externalId === 'string' && { externalId }),
    id,
    org,
    customer: relationships.customer.data.id,
    createdBy: relationships.createdBy?.data.id ?? '',
    origin: unknownOrigin,
    createdAt,
    updatedAt,
    resource,
  };
}
