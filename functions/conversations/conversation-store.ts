import type { Conversation } from './conversation.ts';

/** What a conversation has to itself within its organisation, and, for an Idempotency-Key, within its API key. */
export type Field = 'id' | 'externalId' | 'idempotencyKey';

/** What became of a create. Nothing else is possible: what went wrong otherwise is thrown. */
export type Outcome =
  /** Written now. */
  | { kind: 'created'; conversation: Conversation }
  /** The same ask was written before; this is what it wrote. */
  | { kind: 'repeated'; conversation: Conversation }
  /** Another ask holds `field`: the conversation `id`, asked for by `origin`, which may be unknown. Nothing was written. */
  | { kind: 'conflict'; field: Field; id: string; origin: string };

/** The outcome of one of many creates: also a fault of its own, worth repeating or not. */
export type OutcomeOfMany = Outcome | { kind: 'failed'; error: unknown };

/** Which part of a customer's list: newest first by createdAt, ties by id descending. */
export interface ListRequest {
  /** From 1. Says where to start only if `start` is not given. */
  page: number;
  /** From 1 to 100. */
  pageSize: number;
  /** Only conversations created at or after this: UTC with milliseconds. */
  fromDate?: string;
  /** A position that an earlier Page gave: the page that follows it, or the one that ends right before it. */
  start?: { after: string } | { before: string };
}

/** A part of a list. `next` and `prev` are positions, opaque to all but the store; undefined `next` is the end. */
export interface Page {
  conversations: Conversation[];
  next?: string;
  prev?: string;
}

/**
 * Where conversations live. Every implementation passes test/conformance/conversation-store.ts.
 *
 * A caller may assume: a create is written whole or not at all; repeating one with the same id and origin, any number
 * of times and at once, ends with one conversation and tells so; nothing of one organisation is found by another.
 */
export interface ConversationStore {
  /** Requests that the destination allows for the rest of this minute, as it last told; undefined where it has no such limit, or did not tell. */
  readonly budgetLeft?: number | undefined;
  /** Throws what the destination threw when the outcome is unknown: repeating is always safe. */
  create(conversation: Conversation): Promise<Outcome>;
  /** Outcomes in the order of the conversations; never throws for one of them. */
  createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]>;
  find(org: string, id: string): Promise<Conversation | undefined>;
  findByExternalId(org: string, externalId: string): Promise<Conversation | undefined>;
  list(org: string, customer: string, request: ListRequest): Promise<Page>;
}
