import * as z from 'zod/mini';
import { Problem } from '../lambda/problem.ts';
import type { Conversation } from './conversation.ts';
import type { CustomerName } from './customer-ref.ts';
import type { KustomerClient } from './kustomer-client.ts';
import { KustomerUnreachable } from './kustomer-failures.ts';

/** What a conversation tells of its customer. */
type Asked = Pick<Conversation, 'org' | 'customer' | 'named'>;

interface Settings {
  /** False: nobody is made there, whoever asks. */
  mayCreate?: boolean;
  now?: () => number;
  /** Most customers that are remembered at once. */
  capacity?: number;
}

/** Milliseconds that a customer's id is remembered: an agent may merge or delete one. */
const lifetime = 60 * 60_000;
/** Milliseconds by which those who ask at once may differ in the time they have. */
const tolerance = 1000;

/** What is read of the vendor's customer. */
const customerSchema = z.looseObject({ data: z.looseObject({ id: z.string().check(z.minLength(1)) }) });

/**
 * The customers of a Kustomer organisation, by email, phone or externalId: looked up, made where there is none and that is allowed, and
 * remembered for an hour. The vendor lets no two have one of these, so that of several who make the same one at once all but one are
 * refused, and find it when they look again: https://developer.kustomer.com/api/core-resources/create-customer. See docs/decisions/0018.
 */
export class KustomerCustomers {
  readonly #client: KustomerClient;
  readonly #mayCreate: boolean;
  readonly #now: () => number;
  readonly #capacity: number;
  /** By organisation and name; the oldest come first. */
  readonly #known = new Map<string, { id: string; until: number }>();
  /** What is being asked of the vendor. */
  readonly #asked = new Map<string, { id: Promise<string>; until: number }>();

  constructor(
    client: KustomerClient,
    { mayCreate = true, now = Date.now, capacity = 10_000 }: Settings = {},
  ) {
    this.#client = client;
    this.#mayCreate = mayCreate;
    this.#now = now;
    this.#capacity = capacity;
  }

  /**
   * The id that the vendor knows a conversation's customer by: the one given, or that of who has the name. `until` is when it must be
   * known, in ms since 1970. Throws Problem 404 for a name that nobody has and nobody may be given, the vendor's refusals with a pointer
   * to the name, and what the client throws.
   */
  async idOf({ org, customer, named }: Asked, until: number): Promise<string> {
    if (!named) return customer;
    const key = keyOf(org, named);
    const known = this.#known.get(key);
    if (known && this.#now() < known.until) return known.id;
    const slot = named.mustExist ? `${key} must exist` : key;
    const asked = this.#asked.get(slot);
    // One that a frozen environment left behind has no time any more: whoever has more asks anew.
    if (asked && asked.until + tolerance >= until) return await asked.id;
    const id = this.#findOrCreate(named, until);
    this.#asked.set(slot, { id, until });
    try {
      this.#remember(key, await id);
      return await id;
    } finally {
      if (this.#asked.get(slot)?.id === id) this.#asked.delete(slot);
    }
  }

  /**
   * Does something with the id of a conversation's customer. When the vendor does not know that any more (404), who was remembered is
   * looked for again, once.
   */
  async withIdOf<Result>(
    conversation: Asked,
    until: number,
    act: (id: string) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act(await this.idOf(conversation, until));
    } catch (error) {
      const { org, named } = conversation;
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      if (!named || !this.#known.delete(keyOf(org, named))) throw error;
    }
    return await act(await this.idOf(conversation, until));
  }

  async #findOrCreate(named: CustomerName, until: number): Promise<string> {
    for (let repeats = 0; ; repeats++) {
      const found = await this.#find(named, until);
      if (found !== undefined) return found;
      if (named.mustExist || !this.#mayCreate) throw noSuchCustomer(named);
      try {
        return await this.#create(named, until);
      } catch (error) {
        if (error instanceof Problem && error.status !== 429) {
          // Which status a name that is taken is refused with is not documented: whoever has it tells.
          const there = await this.#find(named, until);
          if (there !== undefined) return there;
          if (error.status !== 409) throw atCustomer(error, named);
        } else if (!(error instanceof KustomerUnreachable)) throw error;
        // It may have acted, or somebody else be about to be found: nothing is repeated before another look.
        if (!(await this.#client.pauseBefore(repeats, until))) {
          throw error instanceof Problem ? atCustomer(error, named) : error;
        }
      }
    }
  }

  /** https://developer.kustomer.com/api/core-resources/get-customer-by-phone-number, and its siblings. */
  async #find(named: CustomerName, until: number): Promise<string | undefined> {
    const what = 'looking a customer up';
    const path = `/v1/customers/${named.kind}=${encodeURIComponent(named.text)}`;
    try {
      return idIn(await this.#client.get({ path, what, until }), what);
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 429) throw error;
      if (error.status === 404) return undefined;
      throw atCustomer(error, named);
    }
  }

  async #create(named: CustomerName, until: number): Promise<string> {
    const what = 'creating a customer';
    const body = customerBody(named);
    return idIn(await this.#client.send({ method: 'POST', path: '/v1/customers', body, what, until }), what);
  }

  #remember(key: string, id: string): void {
    this.#known.delete(key);
    for (const [oldest] of this.#known) {
      if (this.#known.size < this.#capacity) break;
      this.#known.delete(oldest);
    }
    this.#known.set(key, { id, until: this.#now() + lifetime });
  }
}

function keyOf(org: string, { kind, text }: CustomerName): string {
  return JSON.stringify([org, kind, text]);
}

/** An id of our own cannot be sent along: the vendor has no field for it, and refuses unknown ones. */
function customerBody({ kind, text }: CustomerName): object {
  switch (kind) {
    case 'email':
      return { emails: [{ email: text }] };
    case 'phone':
      return { phones: [{ phone: text }] };
    case 'externalId':
      return { externalId: text };
  }
}

function idIn(body: unknown, what: string): string {
  const parsed = customerSchema.safeParse(body);
  if (!parsed.success) throw new KustomerUnreachable(what, 'an answer that is no customer');
  return parsed.data.data.id;
}

function noSuchCustomer({ kind }: CustomerName): Problem {
  return new Problem(404, 'notfound', [
    {
      title: `There is no customer with this ${kind}`,
      detail: 'Nothing was written: new customers are not made here.',
      pointer: `/customer/${kind}`,
    },
  ]);
}

/** The vendor's refusal of a name, in its words, where our caller gave it. */
function atCustomer({ status, code, faults, headers, reason }: Problem, { kind }: CustomerName): Problem {
  const pointer = `/customer/${kind}`;
  const found = faults.map((fault) => {
    const pointed = { ...fault, pointer };
    delete pointed.parameter;
    return pointed;
  });
  return new Problem(status, code, found, { headers, ...(reason !== undefined && { reason }) });
}
