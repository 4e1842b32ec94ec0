import { Unreachable } from '../lambda/problem.ts';

/** Why one of many creates was put off: nothing is wrong with it, and it is to be asked for again at `until`, in ms since 1970. */
export class Postponed extends Unreachable {
  readonly until: number;

  constructor(message: string, until: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'Postponed';
    this.until = until;
  }
}
