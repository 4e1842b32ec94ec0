import { resetOf } from './kustomer-refusal.ts';

/** Milliseconds until another look, when a budget runs low and the answer does not say when it is full again. */
const anotherLook = 10_000;

/**
 * What is left of the requests that the organisation may make in a minute, all keys and users together, as the vendor's answers tell.
 * Agents work with the same budget: `reservedShare` of it, from 0 to 1, is left to them by all that can wait.
 * https://developer.kustomer.com/docs/concepts/rate-limits
 */
export class KustomerBudget {
  readonly #reservedShare: number;
  readonly #now: () => number;
  #closedUntil = 0;
  #remaining: number | undefined;

  constructor(reservedShare: number, now: () => number = Date.now) {
    this.#reservedShare = reservedShare;
    this.#now = now;
  }

  /** Takes in what an answer says of the budget. */
  note(status: number, headers: Headers): void {
    const limit = Number(headers.get('x-ratelimit-limit') ?? Number.NaN);
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
    if (remaining >= 0) this.#remaining = remaining;
    const isLow = status === 429 || remaining < limit * this.#reservedShare;
    if (isLow) this.#closedUntil = resetOf(headers, this.#now()) ?? this.#now() + anotherLook;
    else if (remaining >= 0) this.#closedUntil = 0;
  }

  /** Requests that are left of the minute, as the vendor told last; undefined when it did not. */
  get remaining(): number | undefined {
    return this.#remaining;
  }

  /** Until when what can wait is to wait, in ms since 1970: in the past when it need not. */
  get closedUntil(): number {
    return this.#closedUntil;
  }
}
