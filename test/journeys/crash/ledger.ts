import type { Verdict } from '../../../functions/hooks/delivery-record.ts';
import type { Job } from './asks.ts';

/** A job that was taken on. */
export interface AcceptedJob {
  id: string;
  job: Job;
}

/** How many conversations with these names there are to be, all together. */
interface Expected {
  names: readonly string[];
  least: number;
  most: number;
}

/** What must be there in the end, by what clients asked for and were answered. */
export class Ledger {
  /** By source and event, e.g. `events event-7`: the verdict of the delivery's record. */
  readonly verdicts = new Map<string, Verdict>();
  readonly jobs: AcceptedJob[] = [];
  /** Names of conversations that lie in the dead letters instead. */
  readonly deadLetters = new Set<string>();
  /** Answers that nobody should get. */
  readonly faults: string[] = [];
  readonly #expected: Expected[] = [];
  readonly #ids = new Map<string, string>();

  /** Every one of these was accepted: each is there once. */
  accept(...names: string[]): void {
    for (const name of names) this.#expected.push({ names: [name], least: 1, most: 1 });
  }

  /** One of these was accepted, and the others refused. */
  acceptOneOf(names: readonly string[]): void {
    this.#expected.push({ names, least: 1, most: 1 });
  }

  /** These were asked for and not answered, and are not asked for again: each is there once or not at all. */
  leaveOpen(...names: string[]): void {
    for (const name of names) this.#expected.push({ names: [name], least: 0, most: 1 });
  }

  /** Somebody was told that the conversation has this id. Another one than was told before is a fault. */
  told(name: string, id: string): void {
    const before = this.#ids.get(name) ?? id;
    if (before !== id) this.faults.push(`${name} was said to be ${before}, then ${id}`);
    this.#ids.set(name, id);
  }

  /** What is wrong with these conversations, ids by name: missing, there twice, under another id, or asked for by nobody. */
  faultsOf(there: ReadonlyMap<string, readonly string[]>): string[] {
    const asked = new Set<string>();
    const counted = this.#expected.flatMap(({ names, least, most }) => {
      for (const name of names) asked.add(name);
      const count = names.reduce((sum, name) => sum + (there.get(name)?.length ?? 0), 0);
      return count >= least && count <= most ? [] : [`${names.join(' or ')}: there are ${count}`];
    });
    const unasked = [...there.keys()].filter((name) => !asked.has(name));
    const misnamed = [...this.#ids].filter(([name, id]) => there.has(name) && !there.get(name)!.includes(id));
    return [
      ...counted,
      ...unasked.map((name) => `${name}: nobody asked for it`),
      ...misnamed.map(([name, id]) => `${name}: it was said to be ${id}, and is ${there.get(name)!.join()}`),
    ];
  }
}
