/** A webhook request before anything is known of it: nothing in it may be believed yet. */
export interface RawDelivery {
  /** Lower-case names; repeats are joined with commas, as API Gateway does. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were sent: what signatures cover. */
  body: Buffer;
}

/**
 * A delivery whose signature holds. Only verification can make one (schemes.ts), and only one of these can be mapped:
 * the private field keeps look-alikes from passing the type check.
 */
export class VerifiedDelivery {
  readonly headers: RawDelivery['headers'];
  readonly body: Buffer;
  /** Which of the live secrets matched, from 0: tells when a rotation is through. */
  readonly #secretIndex: number;

  constructor({ headers, body }: RawDelivery, secretIndex: number) {
    this.headers = headers;
    this.body = body;
    this.#secretIndex = secretIndex;
  }

  get secretIndex(): number {
    return this.#secretIndex;
  }
}
