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
  /** Where it can be used: for what need not be known at once. */
  readonly inBulk?: BulkDestination;
  /** Requests that are left of the destination's minute, as it last told; undefined where it has no such limit, or did not tell. */
  readonly budgetLeft?: number | undefined;
  /** Throws what the destination threw when the outcome is unknown: repeating is always safe. */
  create(conversation: Conversation): Promise<Outcome>;
  /** Outcomes in the order of the conversations; never throws for one of them. */
  createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]>;
  find(org: string, id: string): Promise<Conversation | undefined>;
  findByExternalId(org: string, externalId: string): Promise<Conversation | undefined>;
  list(org: string, customer: string, request: ListRequest): Promise<Page>;
}

/**
 * A destination that takes many conversations with one request, and works on them afterwards. All of it throws Problem for what the
 * destination refuses, Postponed for what is to be asked for again later, else what went wrong: then repeating is safe.
 */
export interface BulkDestination {
  /** What one request takes, `bytes` by bytesOf. */
  readonly limits: { count: number; bytes: number };
  /** Can the conversation be handed over like this? */
  takes(conversation: Conversation): boolean;
  /** Bytes that a conversation takes in a request. */
  bytesOf(conversation: Conversation): number;
  /** Hands conversations over, as many as one request takes; resolves to what to ask for them by. */
  handOver(conversations: readonly Conversation[]): Promise<string>;
  /**
   * What became of conversations that were handed over, in their order: undefined for those of which nothing good is known, which are
   * to be settled. Undefined as a whole while the destination works on them. What is not urgent is put off while the budget is short.
   */
  told(
    bulk: string,
    conversations: readonly Conversation[],
    isUrgent: boolean,
  ): Promise<(Outcome | undefined)[] | undefined>;
  /** Creates, one by one, what is not there yet of conversations that were handed over. Outcomes as of createMany. */
  settle(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]>;
}
