import type { Draft } from './draft.ts';
import { conversationId, originText, type Origin } from './identity.ts';

/** Who writes: an API key stands for a user of an organisation; a source writes for the stage's. Both 24 hex. */
export interface Author {
  org: string;
  user: string;
}

/** A conversation as it is stored. Dates are UTC with milliseconds. */
export interface Conversation extends Omit<Draft, 'id' | 'createdAt'> {
  id: string;
  org: string;
  createdBy: string;
  /** What asked for it: the same text means the same ask. */
  origin: string;
  createdAt: string;
  updatedAt: string;
  /** How the destination itself shows it, where it knows more than was asked for: counters, an agent's changes. */
  resource?: ConversationResource;
}

/** A conversation as callers get it: JSON:API. */
export interface ConversationResource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: object;
  links?: object;
}

/** Makes the conversation that a draft asks for: decides its id and fills in the contract's defaults on rendering. */
export function conversationFrom(
  draft: Draft,
  author: Author,
  origin: Origin,
  now: Date = new Date(),
): Conversation {
  const time = now.toISOString();
  return {
    ...draft,
    id: conversationId(author.org, draft, origin),
    org: author.org,
    createdBy: author.user,
    origin: originText(origin),
    createdAt: draft.createdAt ?? time,
    updatedAt: time,
  };
}

/** The JSON:API resource of a conversation (contract, section 4.1): every required attribute, then those given. */
export function conversationResource(conversation: Conversation): ConversationResource {
  const { id, org, customer, createdBy, resource } = conversation;
  if (resource) return resource;
  return {
    type: 'conversation',
    id,
    attributes: attributesOf(conversation),
    relationships: {
      org: related('org', 'orgs', org),
      customer: related('customer', 'customers', customer),
      messages: { links: { self: `/v1/conversations/${id}/messages` } },
      createdBy: related('user', 'users', createdBy),
      modifiedBy: related('user', 'users', createdBy),
    },
    links: { self: `/v1/conversations/${id}` },
  };
}

function attributesOf(conversation: Conversation) {
  const { externalId, replyChannel, defaultLang, importedAt, custom, campaign, queue } = conversation;
  return {
    ...(externalId !== undefined && { externalId }),
    name: conversation.name ?? '',
    channels: [],
    status: conversation.status ?? 'open',
    messageCount: 0,
    noteCount: 0,
    satisfaction: 0,
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    modifiedAt: conversation.updatedAt,
    tags: conversation.tags ?? [],
    suggestedTags: [],
    sentiment: {},
    lastMessageIn: {},
    assignedUsers: conversation.assignedUsers ?? [],
    assignedTeams: conversation.assignedTeams ?? [],
    firstResponse: {},
    direction: conversation.direction ?? 'in',
    outboundMessageCount: 0,
    rev: 1,
    priority: conversation.priority ?? 3,
    ...(importedAt !== undefined && { importedAt }),
    ...(replyChannel !== undefined && { replyChannel }),
    ...(defaultLang !== undefined && { defaultLang }),
    ...(campaign !== undefined && { campaign }),
    ...(queue !== undefined && { queue }),
    ...(custom !== undefined && { custom }),
  };
}

/** A relationship to one object (JSON:API), e.g. a `user` among the `users`. */
export function related(type: string, collection: string, id: string) {
  return { links: { self: `/v1/${collection}/${id}` }, data: { type, id } };
}
