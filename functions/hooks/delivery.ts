/** A webhook request before anything is known of it: nothing in it may be believed yet. */
export interface RawDelivery {
  /** Lower-case names; repeats are joined with commas, as API Gateway does. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were sent: what signatures cover. */
  body: Buffer;
  /** In upper case. */
  method: string;
  /** What the sender called, query included: the stage's public base URL from the settings, never a forwarded header. */
  url: string;
  /** The address that it came from, as API Gateway saw it: what a forwarded header says of that is never believed. */
  from?: string | undefined;
}

/**
 * A delivery whose signature holds, or one that was kept when it did. Only verification and the record of deliveries make
 * one, and only one of these can be mapped: the private field keeps look-alikes from passing the type check.
 */
export class VerifiedDelivery {
  readonly headers: RawDelivery['headers'];
  readonly body: Buffer;
  /** Which of the live secrets matched, from 0: tells when a rotation is through. */
  readonly #secretIndex: number | undefined;

  constructor({ headers, body }: Pick<RawDelivery, 'headers' | 'body'>, secretIndex?: number) {
    this.headers = headers;
    this.body = body;
    this.#secretIndex = secretIndex;
  }

  get secretIndex(): number | undefined {
    return this.#secretIndex;
  }
}
