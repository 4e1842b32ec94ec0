import { setTimeout } from 'node:timers/promises';
import { KustomerBudget } from './kustomer-budget.ts';
import { KustomerKeyRefused, KustomerUnreachable } from './kustomer-failures.ts';
import { errorsIn, refusalOf, type VendorAnswer } from './kustomer-refusal.ts';

/** How the vendor is reached. */
export interface KustomerSettings {
  /** `https://<organisation>.api.kustomerapp.com`, no slash at its end. */
  baseUrl: string;
  /** Reads the API key anew. Called at first use, and again after each 401 to the key that it gave. */
  readKey: () => Promise<string>;
  budget: KustomerBudget;
  now?: () => number;
  random?: () => number;
}

/** One request. */
export interface VendorRequest {
  method: 'GET' | 'POST';
  /** From `/v1/` on, with its query. */
  path: string;
  /** Sent as JSON. */
  body?: object;
  /** For errors and the log, without anything that a path may tell: `reading a conversation`. */
  what: string;
  /** When it must be over, in ms since 1970. */
  until: number;
}

/** So often is a request repeated that did not get its answer. */
const mostRepeats = 2;
/** Milliseconds that one request may take at most; half of what is left when that is less, so that there is time for another. */
const patience = 10_000;
/** With fewer milliseconds left no request is begun. */
const leastTime = 50;
/** Milliseconds before the first repetition at most; before the next four times as many. */
const firstPause = 200;

/**
 * The vendor's REST API over `fetch`, which keeps connections alive by itself. Everything it throws is a Problem (the vendor refused
 * what was asked for), KustomerKeyRefused, or KustomerUnreachable (what came of it is unknown).
 */
export class KustomerClient {
  readonly budget: KustomerBudget;
  readonly #baseUrl: string;
  readonly #readKey: () => Promise<string>;
  readonly #now: () => number;
  readonly #random: () => number;
  #key: Promise<string> | undefined;

  constructor({ baseUrl, readKey, budget, now = Date.now, random = Math.random }: KustomerSettings) {
    this.budget = budget;
    this.#baseUrl = baseUrl;
    this.#readKey = readKey;
    this.#now = now;
    this.#random = random;
  }

  /** Reads, and reads again when no answer came, as long as there is time. Resolves to the body, parsed. */
  async get(request: Omit<VendorRequest, 'method'>): Promise<unknown> {
    for (let repeats = 0; ; repeats++) {
      try {
        return await this.send({ ...request, method: 'GET' });
      } catch (error) {
        if (!(error instanceof KustomerUnreachable)) throw error;
        if (!(await this.pauseBefore(repeats, request.until))) throw error;
      }
    }
  }

  /** Sends once; again with a new key if there is one after a 401. Resolves to the body of a 2xx, parsed. */
  async send(request: VendorRequest): Promise<unknown> {
    const held = this.#held();
    const used = await held;
    let answer = await this.#exchange(request, used);
    if (answer.status === 401) {
      const renewed = await this.#renewed(held);
      if (renewed !== used) answer = await this.#exchange(request, renewed);
    }
    return this.#bodyOf(answer, request.what);
  }

  /** Waits with full jitter before repetition number `repeats`, from 0. False at once when there is no more, or no time for one. */
  async pauseBefore(repeats: number, until: number): Promise<boolean> {
    const pause = this.#random() * firstPause * 4 ** repeats;
    if (repeats >= mostRepeats || this.#now() + pause + leastTime > until) return false;
    await setTimeout(pause);
    return true;
  }

  async #exchange({ method, path, body, what, until }: VendorRequest, key: string): Promise<VendorAnswer> {
    const left = until - this.#now();
    if (left < leastTime) throw new KustomerUnreachable(what, 'no time is left');
    const time = Math.min(patience, Math.ceil(left / 2));
    const began = this.#now();
    try {
      const response = await fetch(this.#baseUrl + path, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${key}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // The key is for this host alone.
        redirect: 'manual',
        signal: AbortSignal.timeout(time),
      });
      const { status, headers } = response;
      this.budget.note(status, headers, began);
      return { status, headers, text: (await response.text()).replaceAll(key, '(the key)') };
    } catch (error) {
      const isLate = (error as Error).name === 'TimeoutError';
      throw new KustomerUnreachable(what, isLate ? `no answer within ${time} ms` : 'no answer', error);
    }
  }

  #bodyOf(answer: VendorAnswer, what: string): unknown {
    const { status, text } = answer;
    if (status === 401 || status === 403) throw new KustomerKeyRefused(`${status} to ${what}`);
    if (status >= 400 && status < 500 && status !== 408) {
      // What is not there is said in the vendor's own way; anything else stands between, or is at a wrong address.
      if (status === 404 && errorsIn(text).length === 0) {
        throw new KustomerUnreachable(what, '404, but not from Kustomer: is the base URL right?');
      }
      throw refusalOf(answer, this.#now());
    }
    if (status < 200 || status >= 300) throw new KustomerUnreachable(what, String(status));
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new KustomerUnreachable(what, `${status} with a body that is not JSON`);
    }
  }

  #held(): Promise<string> {
    this.#key ??= this.#read();
    return this.#key;
  }

  /** The key after `refused` was; those who are refused at the same time read it once. */
  #renewed(refused: Promise<string>): Promise<string> {
    if (this.#key === refused) this.#key = this.#read();
    return this.#held();
  }

  async #read(): Promise<string> {
    try {
      const key = (await this.#readKey()).trim();
      // What cannot stand in a header is told by fetch with its value.
      if (!/^[!-~]+$/.test(key)) throw new KustomerKeyRefused(key === '' ? 'it is empty' : 'it is malformed');
      return key;
    } catch (error) {
      this.#key = undefined;
      throw error;
    }
  }
}
