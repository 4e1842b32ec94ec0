import * as z from 'zod/mini';
import { Problem } from '../lambda/problem.ts';
import type { BulkDestination, Outcome, OutcomeOfMany } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { customersInBulk } from './customers-in-bulk.ts';
import type { KustomerClient } from './kustomer-client.ts';
import { createBody } from './kustomer-conversation.ts';
import type { KustomerCustomers } from './kustomer-customers.ts';
import { KustomerUnreachable } from './kustomer-failures.ts';
import type { PatientWork } from './patient-work.ts';
import { Postponed } from './postponed.ts';

/** What the vendor's bulk is used with. */
interface Settings {
  client: KustomerClient;
  customers: Pick<KustomerCustomers, 'idOf'>;
  work: PatientWork;
  requestBytes: number;
  /** When what begins now must be over, in ms since 1970. */
  deadline: () => number;
  /** Creates what is not there yet. */
  settle: (conversation: Conversation, until: number) => Promise<Outcome>;
}

/** The vendor takes so many in a request (contract, section 5.1). */
const mostItems = 100;
/** So often is one asked about that gets no answer. */
const mostPasses = 3;

const text = z.string();
const acceptedSchema = z.looseObject({ data: z.looseObject({ id: text }) });
const jobSchema = z.looseObject({
  data: z.looseObject({ attributes: z.looseObject({ completed: z.boolean() }) }),
});
const resultSchema = z.looseObject({
  _clientRef: text,
  status: text,
  objectId: z.optional(z.nullable(text)),
});
const batchesSchema = z.looseObject({
  meta: z.looseObject({ pages: z.optional(z.number()) }),
  data: z.array(
    z.looseObject({
      attributes: z.looseObject({ completed: z.boolean(), results: z.optional(z.array(resultSchema)) }),
    }),
  ),
});

type Results = Map<string, z.infer<typeof resultSchema>>;

/**
 * Up to a hundred conversations with one request of the vendor's budget. The vendor answers before it works:
 * https://developer.kustomer.com/docs/guides/bulk-operations
 */
export class KustomerBulk implements BulkDestination {
  readonly limits: { count: number; bytes: number };
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.limits = { count: mostItems, bytes: settings.requestBytes - '[]'.length };
  }

  takes({ campaign }: Conversation): boolean {
    return campaign === undefined;
  }

  bytesOf(conversation: Conversation): number {
    return Buffer.byteLength(JSON.stringify(itemOf(conversation, mostItems))) + ','.length;
  }

  async handOver(conversations: readonly Conversation[]): Promise<string> {
    const { client, customers, work, deadline } = this.#settings;
    const until = deadline();
    const what = 'handing conversations over';
    const ids = await customersInBulk(conversations, (each) =>
      work.do(until, () => customers.idOf(each, until)),
    );
    const body = conversations.map((each, at) => itemOf({ ...each, customer: ids[at]! }, at));
    const request = { method: 'POST', path: '/v1/conversations/bulk', body, what, until } as const;
    const answer = acceptedSchema.safeParse(await work.do(until, () => client.send(request)));
    if (!answer.success) throw new KustomerUnreachable(what, 'an answer that is no bulk');
    return answer.data.data.id;
  }

  async told(
    bulk: string,
    conversations: readonly Conversation[],
    isUrgent: boolean,
  ): Promise<(Outcome | undefined)[] | undefined> {
    const { shortUntil } = this.#settings.client.budget;
    if (!isUrgent && shortUntil > Date.now()) throw new Postponed('The budget is short', shortUntil);
    const results = await this.#results(bulk, conversations.length);
    return (
      results &&
      conversations.map((conversation, at) => {
        const result = results.get(String(at));
        if (result?.status !== 'created') return undefined;
        return { kind: 'created', conversation: { ...conversation, id: result.objectId ?? conversation.id } };
      })
    );
  }

  async settle(conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> {
    const { work, deadline, settle } = this.#settings;
    const until = deadline();
    const pass = (some: readonly Conversation[]) => work.each(some, until, (each) => settle(each, until));
    const outcomes = await pass(conversations);
    // One that gets no answer would bring all of them back, to be asked about anew.
    for (let passes = 1; passes < mostPasses; passes++) {
      const lost = [...outcomes.keys()].filter((at) => isUnreachable(outcomes[at]!));
      const found = await pass(lost.map((at) => conversations[at]!));
      for (const [index, at] of lost.entries()) outcomes[at] = found[index]!;
    }
    return outcomes;
  }

  /** By `_clientRef`; undefined while the vendor works; none of a bulk that it does not know any more. */
  async #results(bulk: string, count: number): Promise<Results | undefined> {
    const { client, work, deadline } = this.#settings;
    const until = deadline();
    const read = async <Schema extends z.ZodMiniType>(
      path: string,
      schema: Schema,
    ): Promise<z.infer<Schema>> => {
      const what = 'reading what became of a bulk';
      const parsed = schema.safeParse(await work.do(until, () => client.get({ path, what, until })));
      if (!parsed.success) throw new KustomerUnreachable(what, 'an answer of another shape');
      return parsed.data;
    };
    const results: Results = new Map();
    try {
      let isComplete = true;
      let pages = 1;
      for (let page = 1; page <= pages; page++) {
        const { meta, data } = await read(
          `/v1/bulk/${bulk}/batches?page=${page}&pageSize=100`,
          batchesSchema,
        );
        pages = meta.pages ?? 1;
        for (const { attributes } of data) {
          isComplete &&= attributes.completed;
          for (const result of attributes.results ?? []) results.set(result._clientRef, result);
        }
      }
      if (!isComplete) return undefined;
      // Batches may be added as the vendor goes on: it is asked when their results are not all that were handed over.
      if (results.size >= count) return results;
      const { data } = await read(`/v1/bulk/${bulk}`, jobSchema);
      return data.attributes.completed ? results : undefined;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return results;
      throw error;
    }
  }
}

/** An item of a bulk request (contract, section 5.1): `_clientRef` is its place, since two may have the same id. */
function itemOf(conversation: Conversation, at: number): object {
  return { ...createBody(conversation), customer: conversation.customer, _clientRef: String(at) };
}

function isUnreachable(outcome: OutcomeOfMany): boolean {
  return outcome.kind === 'failed' && outcome.error instanceof KustomerUnreachable;
}
