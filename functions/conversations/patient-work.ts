import pMap from 'p-map';
import { Problem } from '../lambda/problem.ts';
import type { Outcome, OutcomeOfMany } from './conversation-store.ts';
import type { Conversation } from './conversation.ts';
import { mostInFlight, type KustomerBudget } from './kustomer-budget.ts';
import { KustomerKeyRefused } from './kustomer-failures.ts';
import { Postponed } from './postponed.ts';

/** With fewer milliseconds left nothing is begun: it may need several requests. */
const leastTime = 5000;
/** Milliseconds until work that a refused key put off is to be asked for again. */
const keyPause = 5 * 60_000;
/** Waits for a budget within one invocation: more than one means that somebody else takes it each time. */
const mostWaits = 3;

/** Work of one invocation that can wait: for the budget, or for a key. Once that is refused, nothing more is asked of the vendor. */
export class PatientWork {
  readonly #budget: KustomerBudget;
  #refusal: KustomerKeyRefused | undefined;

  constructor(budget: KustomerBudget) {
    this.#budget = budget;
  }

  /**
   * Does a piece of work when the budget lets it; again after a reset when it meets a 429. `until`, in ms since 1970: when it must be
   * over. Throws Postponed when time, budget or key do not suffice, else what the piece throws.
   */
  async do<Value>(until: number, piece: () => Promise<Value>): Promise<Value> {
    for (let waits = 0; ; waits++) {
      const release = await this.#budget.admit(until - leastTime);
      try {
        if (this.#refusal) throw this.#refusal;
        return await piece();
      } catch (error) {
        if (error instanceof KustomerKeyRefused) {
          this.#refusal = error;
          throw new Postponed('No API key is taken', Date.now() + keyPause, error);
        }
        if (!(error instanceof Problem) || error.status !== 429) throw error;
        if (waits >= mostWaits) throw new Postponed('The budget is used up', this.#budget.closedUntil, error);
      } finally {
        release();
      }
    }
  }

  /** Does a piece for each conversation, as many at once as the budget bears; what goes wrong with one is its outcome. */
  async each(
    conversations: readonly Conversation[],
    until: number,
    piece: (conversation: Conversation) => Promise<Outcome>,
  ): Promise<OutcomeOfMany[]> {
    const one = async (conversation: Conversation): Promise<OutcomeOfMany> => {
      try {
        return await this.do(until, () => piece(conversation));
      } catch (error) {
        return { kind: 'failed', error };
      }
    };
    return await pMap(conversations, one, { concurrency: mostInFlight });
  }
}
