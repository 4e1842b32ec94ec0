import type { SenderEvent } from '../../../functions/hooks/sender.ts';
import type { Contents } from './delivered.ts';

/** What a sender sends, cut down to what tells its events apart, and what is read from it. */
export interface SentEvent extends Contents {
  sender: string;
  what: string;
  /** Of each event: its id and its envelope. */
  events: Pick<SenderEvent<unknown>, 'id' | 'envelope'>[];
}
