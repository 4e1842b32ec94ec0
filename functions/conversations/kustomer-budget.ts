import { setTimeout } from 'node:timers/promises';
import { resetOf } from './kustomer-refusal.ts';
import { Postponed } from './postponed.ts';

/** Milliseconds until another look, when a budget runs low and the answer does not say when it is full again. */
const anotherLook = 10_000;
/** Requests in flight at once: with answers within 200 ms, 40 a second, more than the largest plan's budget. */
export const mostInFlight = 8;

/**
 * What is left of the requests that the organisation may make in a minute, all keys and users together, as the vendor's answers tell.
 * Agents work with the same budget: `reservedShare` of it, from 0 to 1, is left to them by all that can wait.
 * https://developer.kustomer.com/docs/concepts/rate-limits
 */
export class KustomerBudget {
  readonly #reservedShare: number;
  readonly #plan: number;
  readonly #now: () => number;
  #remaining: number | undefined;
  /** How many may be in flight: one until an answer tells what is left, so that a used up budget is met by one request alone. */
  #room = 1;
  #inFlight = 0;
  #waiting: (() => void)[] = [];
  #closedAt = 0;
  #closedUntil = 0;

  /** `plan`: requests a minute where the vendor's answers do not say how many there are. */
  constructor(reservedShare: number, plan: number = Number.NaN, now: () => number = Date.now) {
    this.#reservedShare = reservedShare;
    this.#plan = plan;
    this.#now = now;
  }

  /** Takes in what the answer to a request says of the budget; `began` is when that was sent, in ms since 1970. */
  note(status: number, headers: Headers, began: number): void {
    const now = this.#now();
    const limit = Number(headers.get('x-ratelimit-limit') ?? this.#plan);
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
    const reserve = Number.isNaN(limit) ? 0 : limit * this.#reservedShare;
    if (remaining >= 0) this.#remaining = remaining;
    if (status === 429 || remaining <= reserve) {
      if (this.#closedUntil <= now) this.#closedAt = now;
      this.#closedUntil = resetOf(headers, now) ?? now + anotherLook;
      this.#room = 1;
    } else if (began >= this.#closedAt) {
      // An answer that was on its way when another one closed the budget knows less than that.
      if (remaining >= 0) this.#closedUntil = 0;
      if (this.#closedUntil <= now) {
        this.#room = Number.isNaN(remaining)
          ? mostInFlight
          : Math.min(mostInFlight, Math.ceil(remaining - reserve));
      }
    }
    this.#wake();
  }

  /**
   * Waits until one more of the requests that can wait may be sent; the function that this resolves to is to be called when it is
   * done. Throws Postponed at once when that is not before `latest`, in ms since 1970.
   */
  async admit(latest: number): Promise<() => void> {
    for (;;) {
      const now = this.#now();
      const begin = Math.max(now, this.#closedUntil);
      if (begin > latest) throw new Postponed('Time or budget is used up', begin);
      if (begin > now) {
        await setTimeout(begin - now);
      } else if (this.#inFlight < this.#room) {
        this.#inFlight++;
        return () => {
          this.#inFlight--;
          this.#wake();
        };
      } else {
        await new Promise<void>((resolve) => void this.#waiting.push(resolve));
      }
    }
  }

  /** What the newest answer said that is left of the window; undefined when none did. */
  get remaining(): number | undefined {
    return this.#remaining;
  }

  /** Until when what can wait is to wait, in ms since 1970: in the past when it need not. */
  get closedUntil(): number {
    return this.#closedUntil;
  }

  /**
   * Until when what is least urgent is to leave the budget to the rest, in ms since 1970: as long again as it was closed, since what
   * waited for that comes then.
   */
  get shortUntil(): number {
    return 2 * this.#closedUntil - this.#closedAt;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
