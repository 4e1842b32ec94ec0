/** What became of an event that a source was sent. */
export type Verdict = 'created' | 'queued' | 'repeated' | 'ignored' | 'rejected' | 'failed';

/** All verdicts there are. */
export const verdicts: readonly Verdict[] = [
  'created',
  'queued',
  'repeated',
  'ignored',
  'rejected',
  'failed',
];

/** Whose event it is: the key of its record. */
export interface DeliveryKey {
  org: string;
  source: string;
  /** The sender's own id of the event. */
  event: string;
}

/** What is known once an event was handled. */
export interface DeliveryResult {
  verdict: Verdict;
  /** The id of the conversation that it led to, or will lead to. */
  conversation?: string;
  /** Why it is rejected or failed, in one sentence, without anything of its content. */
  error?: string;
}

/** An event as it is written down when it is received. */
export interface DeliveryEntry extends DeliveryKey, DeliveryResult {
  /** The headers that its sender's deliveries are read with. */
  headers: Readonly<Record<string, string>>;
  /** A body with this one event, as it was sent where the delivery has no other. */
  body: Buffer;
}

/** Where deliveries are written down. Throws what the destination threw: then the delivery is not acknowledged. */
export interface DeliveryLog {
  /** One write. Counts one more attempt of the same event. */
  record(entry: DeliveryEntry): Promise<void>;
}
