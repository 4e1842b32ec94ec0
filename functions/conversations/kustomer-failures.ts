import { Unreachable } from '../lambda/problem.ts';

/** No answer of Kustomer's, or none that can be read, or a 5xx: whether it acted is unknown. */
export class KustomerUnreachable extends Unreachable {
  /** `what` was being done, e.g. `reading a conversation`; `how` it failed, e.g. `502`. */
  constructor(what: string, how: string, cause?: unknown) {
    super(`Kustomer, ${what}: ${how}`, { cause });
    this.name = 'KustomerUnreachable';
  }
}

/** Kustomer does not take our API key, or there is none: nothing will work before somebody acts. */
export class KustomerKeyRefused extends Unreachable {
  /** `why` goes into the sentence that tells what to do, e.g. `401 to reading a conversation`. */
  constructor(why: string, cause?: unknown) {
    super(
      `Kustomer takes no API key of ours (${why}). Set one of your organisation, with the roles that docs/relay.md lists, in the secret of ` +
        'the output KustomerApiKeySecret (npm run secrets -- set kustomer-api-key): the next request takes it up. What is queued stays queued.',
      { cause },
    );
    this.name = 'KustomerKeyRefused';
  }

  override get isKeyRefused(): boolean {
    return true;
  }
}
