import { Problem } from '../lambda/problem.ts';
import type { Field, Outcome } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { externalIdHolder, followsFromOrigin, isSingleRequest, unknownOrigin } from './identity.ts';
import type { KustomerClient } from './kustomer-client.ts';
import { conversationIn, createBody } from './kustomer-conversation.ts';
import type { KustomerCustomers } from './kustomer-customers.ts';
import { KustomerUnreachable } from './kustomer-failures.ts';

/** How one conversation is created at Kustomer, and read. `until` is when it must be over, in ms since 1970. */
export class KustomerCreates {
  readonly #client: KustomerClient;
  readonly #org: string;
  readonly #customers: KustomerCustomers;

  /** `org` is the only one it serves: a key is one organisation's. */
  constructor(client: KustomerClient, org: string, customers: KustomerCustomers) {
    this.#client = client;
    this.#org = org;
    this.#customers = customers;
  }

  /**
   * `mayHaveActed`: the same ask may have been sent before, by whom nobody knows. Throws Problem for what the vendor refuses, and 403
   * for another organisation; KustomerUnreachable when the outcome is unknown.
   */
  async create(conversation: Conversation, mayHaveActed: boolean, until: number): Promise<Outcome> {
    if (conversation.org !== this.#org) throw otherOrganisation();
    return await this.#customers.withIdOf(conversation, until, (customer) =>
      this.#createFor(customer, conversation, mayHaveActed, until),
    );
  }

  /** Creates what is not there yet: the same ask was sent before, and what became of it is not known. Throws as create does. */
  async settle(conversation: Conversation, until: number): Promise<Outcome> {
    const there = await this.read(conversation.id, until);
    if (there && isOwn(there, conversation, true)) {
      return { kind: 'repeated', conversation: own(there, conversation) };
    }
    return await this.create(conversation, true, until);
  }

  read(id: string, until: number): Promise<Conversation | undefined> {
    return this.#readOne(`/v1/conversations/${id}`, until);
  }

  async readByExternalId(externalId: string, until: number): Promise<Conversation | undefined> {
    const path = `/v1/conversations/externalId=${encodeURIComponent(externalId)}`;
    const found = await this.#readOne(path, until);
    return found?.externalId === externalId ? found : undefined;
  }

  async #createFor(
    customer: string,
    conversation: Conversation,
    mayHaveActed: boolean,
    until: number,
  ): Promise<Outcome> {
    const what = 'creating a conversation';
    const path = `/v1/customers/${customer}/conversations`;
    const body = createBody(conversation);
    for (let repeats = 0; ; repeats++) {
      try {
        const answer = await this.#client.send({ method: 'POST', path, body, what, until });
        const created = conversationIn(answer, this.#org);
        if (!created) throw new KustomerUnreachable(what, 'an answer that is no conversation');
        return { kind: 'created', conversation: own(created, conversation) };
      } catch (error) {
        if (error instanceof Problem && error.status === 409) {
          return await this.#clash(conversation, error, { mayHaveActed, isRepeated: repeats > 0 }, until);
        }
        if (!(error instanceof KustomerUnreachable)) throw error;
        if (!(await this.#client.pauseBefore(repeats, until))) throw error;
      }
      // It may have acted all the same: nothing is repeated before that is known.
      const there = await this.read(conversation.id, until);
      if (there && isOwn(there, conversation, true)) {
        return { kind: 'created', conversation: own(there, conversation) };
      }
    }
  }

  /** What a 409 means. `isRepeated`: an earlier request of this very create went without an answer. */
  async #clash(
    conversation: Conversation,
    refusal: Problem,
    { mayHaveActed, isRepeated }: { mayHaveActed: boolean; isRepeated: boolean },
    until: number,
  ): Promise<Outcome> {
    const { org, id, externalId } = conversation;
    const there = await this.read(id, until);
    if (there && isOwn(there, conversation, mayHaveActed || isRepeated)) {
      return { kind: isRepeated ? 'created' : 'repeated', conversation: own(there, conversation) };
    }
    const named = holderIn(refusal);
    if (named && named.id !== id) return conflict(named.field, named.id);
    if (named || there) return conflict(isHeldBy(org, externalId, id) ? 'externalId' : 'id', id);
    const holder = externalId === undefined ? undefined : await this.readByExternalId(externalId, until);
    if (!holder) throw refusal;
    return conflict('externalId', holder.id);
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

function otherOrganisation(): Problem {
  return new Problem(403, 'forbidden', [
    {
      title: 'Conversations of this organisation cannot be created here',
      detail: 'They are relayed to Kustomer, for one organisation alone.',
    },
  ]);
}
