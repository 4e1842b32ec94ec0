import type { Sample } from '../../../cli/hooks/read-sample.ts';
import type { Verdict } from '../../../functions/hooks/delivery-record.ts';

/** An event that a source is sent. */
export interface Delivery {
  kind: 'delivery';
  source: string;
  event: string;
  /** Of the conversation that it becomes. No two asks have the same. */
  name: string;
  /** What it ends as. */
  verdict: Verdict;
  sample: Sample;
  /** Is it sent once more: while the first is under way, or when that is done? */
  repeated: 'never' | 'at once' | 'later';
  /** Is made first, and holds what the event's conversation would need. */
  holder?: Create;
}

/** A conversation that an API client asks for. Without a key and an externalId it is asked for once, whatever comes of it. */
export interface Create {
  kind: 'create';
  name: string;
  /** Idempotency-Key. */
  key?: string;
  json: { customer: string; name: string; externalId?: string };
}

/** A bulk request. Without a key it is sent once, whatever comes of it. */
export interface Job {
  kind: 'job';
  key?: string;
  items: readonly { customer: string; name: string; externalId?: string }[];
  /** The last two items ask for one externalId: one of them fails. */
  hasTwins: boolean;
}

/** Something that somebody wants of the system. */
export type Ask = Delivery | Create | Job;
