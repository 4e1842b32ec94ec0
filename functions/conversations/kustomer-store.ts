import type { ConversationStore, ListRequest, Outcome, OutcomeOfMany, Page } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { isObjectId } from './identity.ts';
import { KustomerBulk } from './kustomer-bulk.ts';
import type { KustomerClient } from './kustomer-client.ts';
import { pageIn } from './kustomer-conversation.ts';
import { KustomerCreates } from './kustomer-creates.ts';
import { KustomerCustomers } from './kustomer-customers.ts';
import { KustomerUnreachable } from './kustomer-failures.ts';
import { pageQuery, positionAt } from './kustomer-positions.ts';
import { PatientWork } from './patient-work.ts';

/** Of one organisation, by one key, for one invocation. */
interface Settings {
  client: KustomerClient;
  /** The only one that is served: a key is one organisation's. */
  org: string;
  /** Bytes that the body of a request may have: the vendor takes no more. */
  requestBytes: number;
  /** Milliseconds that the caller has, at the time of asking. */
  timeLeft: () => number;
  /** What is known of them already. */
  customers?: KustomerCustomers;
}

/**
 * Conversations in a Kustomer organisation, over the vendor's REST API. The id that was decided is sent along, so that a repetition
 * is refused there as a clash, and an answer that never came is settled by reading the id back. What the vendor's contract does not let
 * it tell is in docs/decisions/0016.
 */
export class KustomerStore implements ConversationStore {
  readonly inBulk: KustomerBulk;
  readonly #client: KustomerClient;
  readonly #org: string;
  readonly #timeLeft: () => number;
  readonly #creates: KustomerCreates;
  readonly #work: PatientWork;

  constructor({ client, org, requestBytes, timeLeft, customers = new KustomerCustomers(client) }: Settings) {
    this.#client = client;
    this.#org = org;
    this.#timeLeft = timeLeft;
    this.#creates = new KustomerCreates(client, org, customers);
    this.#work = new PatientWork(client.budget);
    this.inBulk = new KustomerBulk({
      client,
      customers,
      requestBytes,
      work: this.#work,
      deadline: () => this.#deadline(),
      settle: (conversation, until) => this.#creates.settle(conversation, until),
    });
  }

  get budgetLeft(): number | undefined {
    return this.#client.budget.remaining;
  }

  /** Throws Problem for what the vendor refuses, and 403 for another organisation; KustomerUnreachable when the outcome is unknown. */
  create(conversation: Conversation): Promise<Outcome> {
    return this.#creates.create(conversation, false, this.#deadline());
  }

  /**
   * For asks that may have been handed over before, as a queue's are. What time or the vendor's budget does not suffice for fails as
   * Postponed, as does all when the key is refused.
   */
  async createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> {
    const until = this.#deadline();
    return await this.#work.each(conversations, until, (each) => this.#creates.create(each, true, until));
  }

  async find(org: string, id: string): Promise<Conversation | undefined> {
    if (org !== this.#org || !isObjectId(id)) return undefined;
    return await this.#creates.read(id, this.#deadline());
  }

  async findByExternalId(org: string, externalId: string): Promise<Conversation | undefined> {
    if (org !== this.#org) return undefined;
    return await this.#creates.readByExternalId(externalId, this.#deadline());
  }

  /** Positions are the vendor's links. Throws Problem 404 for an unknown customer. */
  async list(org: string, customer: string, request: ListRequest): Promise<Page> {
    const query = pageQuery(request);
    if (org !== this.#org || query === undefined) return { conversations: [] };
    const what = 'listing conversations';
    const path = `/v1/customers/${customer}/conversations?${query}`;
    const page = pageIn(await this.#client.get({ path, what, until: this.#deadline() }), org);
    if (!page) throw new KustomerUnreachable(what, 'an answer that is no page');
    const { conversations, next, prev } = page;
    if (conversations.length === 0) return { conversations };
    return {
      conversations,
      ...(next !== undefined && { next: positionAt(next) }),
      prev: positionAt(prev),
    };
  }

  #deadline(): number {
    return Date.now() + this.#timeLeft();
  }
}
