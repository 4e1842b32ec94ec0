import pMap from 'p-map';
import { setTimeout } from 'node:timers/promises';
import { Problem } from '../lambda/problem.ts';
import type {
  ConversationStore,
  Field,
  ListRequest,
  Outcome,
  OutcomeOfMany,
  Page,
} from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import {
  externalIdHolder,
  followsFromOrigin,
  isObjectId,
  isSingleRequest,
  unknownOrigin,
} from './identity.ts';
import type { KustomerClient } from './kustomer-client.ts';
import { conversationIn, createBody, pageIn } from './kustomer-conversation.ts';
import { KustomerKeyRefused, KustomerUnreachable } from './kustomer-failures.ts';
import { pageQuery, positionAt } from './kustomer-positions.ts';
import { Postponed } from './postponed.ts';

/** Creates in flight at once: with answers within 200 ms, 40 a second, more than the largest plan's budget. */
const concurrency = 8;
/** With fewer milliseconds left none of many creates is begun: one may need several requests. */
const leastTime = 5000;
/** Milliseconds until creates that a refused key put off are to be asked for again. */
const keyPause = 5 * 60_000;
/** Waits for a budget within one invocation: more than one means that somebody else takes it each time. */
const mostWaits = 3;

/**
 * Conversations in a Kustomer organisation, over the vendor's REST API. The id that was decided is sent along, so that a repetition
 * is refused there as a clash, and an answer that never came is settled by reading the id back. What the vendor's contract does not let
 * it tell is in docs/decisions/0016.
 */
export class KustomerStore implements ConversationStore {
  readonly #client: KustomerClient;
  readonly #org: string;
  readonly #timeLeft: () => number;

  /** `org` is the only one it serves: a key is one organisation's. `timeLeft`: milliseconds that the caller has, at the time of asking. */
  constructor(client: KustomerClient, org: string, timeLeft: () => number) {
    this.#client = client;
    this.#org = org;
    this.#timeLeft = timeLeft;
  }

  get budgetLeft(): number | undefined {
    return this.#client.budget.remaining;
  }

  /** Throws Problem for what the vendor refuses, and 403 for another organisation; KustomerUnreachable when the outcome is unknown. */
  create(conversation: Conversation): Promise<Outcome> {
    return this.#create(conversation, this.#deadline());
  }

  /** What time or the vendor's budget does not suffice for fails as Postponed, as does all when the key is refused. */
  async createMany(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> {
    const until = this.#deadline();
    let refusal: KustomerKeyRefused | undefined;
    const createOne = async (conversation: Conversation): Promise<OutcomeOfMany> => {
      for (let waits = 0; ; waits++) {
        try {
          if (refusal) throw refusal;
          await this.#waitForBudget(until);
          return await this.#create(conversation, until);
        } catch (error) {
          if (error instanceof KustomerKeyRefused) {
            refusal = error;
            return failed(new Postponed('No API key is taken', Date.now() + keyPause, error));
          }
          if (!(error instanceof Problem) || error.status !== 429) return failed(error);
          const { closedUntil } = this.#client.budget;
          if (waits >= mostWaits) return failed(new Postponed('The budget is used up', closedUntil, error));
        }
      }
    };
    return await pMap(conversations, createOne, { concurrency });
  }

  async find(org: string, id: string): Promise<Conversation | undefined> {
    if (org !== this.#org || !isObjectId(id)) return undefined;
    return await this.#read(id, this.#deadline());
  }

  async findByExternalId(org: string, externalId: string): Promise<Conversation | undefined> {
    if (org !== this.#org) return undefined;
    return await this.#readByExternalId(externalId, this.#deadline());
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

  async #create(conversation: Conversation, until: number): Promise<Outcome> {
    if (conversation.org !== this.#org) throw otherOrganisation();
    const what = 'creating a conversation';
    const path = `/v1/customers/${conversation.customer}/conversations`;
    const body = createBody(conversation);
    for (let repeats = 0; ; repeats++) {
      try {
        const answer = await this.#client.send({ method: 'POST', path, body, what, until });
        const created = conversationIn(answer, this.#org);
        if (!created) throw new KustomerUnreachable(what, 'an answer that is no conversation');
        return { kind: 'created', conversation: own(created, conversation) };
      } catch (error) {
        if (error instanceof Problem && error.status === 409) {
          return await this.#clash(conversation, error, repeats > 0, until);
        }
        if (!(error instanceof KustomerUnreachable)) throw error;
        if (!(await this.#client.pauseBefore(repeats, until))) throw error;
      }
      // It may have acted all the same: nothing is repeated before that is known.
      const there = await this.#read(conversation.id, until);
      if (there && isOwn(there, conversation, true)) {
        return { kind: 'created', conversation: own(there, conversation) };
      }
    }
  }

  /** What a 409 means. `mayHaveActed`: an earlier request of this very create went without an answer. */
  async #clash(
    conversation: Conversation,
    refusal: Problem,
    mayHaveActed: boolean,
    until: number,
  ): Promise<Outcome> {
    const { org, id, externalId } = conversation;
    const there = await this.#read(id, until);
    if (there && isOwn(there, conversation, mayHaveActed)) {
      return { kind: mayHaveActed ? 'created' : 'repeated', conversation: own(there, conversation) };
    }
    const named = holderIn(refusal);
    if (named && named.id !== id) return conflict(named.field, named.id);
    if (named || there) return conflict(isHeldBy(org, externalId, id) ? 'externalId' : 'id', id);
    const holder = externalId === undefined ? undefined : await this.#readByExternalId(externalId, until);
    if (!holder) throw refusal;
    return conflict('externalId', holder.id);
  }

  #read(id: string, until: number): Promise<Conversation | undefined> {
    return this.#readOne(`/v1/conversations/${id}`, until);
  }

  async #readByExternalId(externalId: string, until: number): Promise<Conversation | undefined> {
    const path = `/v1/conversations/externalId=${encodeURIComponent(externalId)}`;
    const found = await this.#readOne(path, until);
    return found?.externalId === externalId ? found : undefined;
  }

  async #readOne(path: string, until: number): Promise<Conversation | undefined> {
    const what = 'reading a conversation';
    try {
      const found = conversationIn(await this.#client.get({ path, what, until }), this.#org);
      if (!found) throw new KustomerUnreachable(what, 'an answer that is no conversation');
      return found;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Waits while the budget's reserve is reached. Throws Postponed when it would have to wait, or work, for longer than there is time. */
  async #waitForBudget(until: number): Promise<void> {
    for (;;) {
      const now = Date.now();
      const { closedUntil } = this.#client.budget;
      const begin = Math.max(now, closedUntil);
      if (begin + leastTime > until) throw new Postponed('Time or budget is used up', begin);
      if (closedUntil <= now) return;
      await setTimeout(closedUntil - now);
    }
  }
}

/** The vendor keeps no origins: what was found to be an ask's own has its origin. */
function own(found: Conversation, { origin }: Conversation): Conversation {
  return { ...found, origin };
}

/**
 * Is the conversation that is at an ask's id the ask's own? Its id may follow from who asked alone. Else it must have the same externalId,
 * and the ask must be one that can have come before, as no single request has.
 */
function isOwn(
  there: Conversation,
  { org, id, externalId, origin }: Conversation,
  mayHaveActed: boolean,
): boolean {
  if (followsFromOrigin(org, id, origin)) return true;
  return there.externalId === externalId && (mayHaveActed || !isSingleRequest(origin));
}

function isHeldBy(org: string, externalId: string | undefined, id: string): boolean {
  return externalId !== undefined && externalIdHolder(org, externalId) === id;
}

/** Which conversation is in the way, and of what, where the vendor's refusal names it: the contract does not promise that. */
function holderIn({ faults }: Problem): { field: Field; id: string } | undefined {
  const { pointer, meta } = faults[0]!;
  if (typeof meta?.['id'] !== 'string') return undefined;
  return { field: pointer === '/externalId' ? 'externalId' : 'id', id: meta['id'] };
}

function conflict(field: Field, id: string): Outcome {
  return { kind: 'conflict', field, id, origin: unknownOrigin };
}

function failed(error: unknown): OutcomeOfMany {
  return { kind: 'failed', error };
}

function otherOrganisation(): Problem {
  return new Problem(403, 'forbidden', [
    {
      title: 'Conversations of this organisation cannot be created here',
      detail: 'They are relayed to Kustomer, for one organisation alone.',
    },
  ]);
}
