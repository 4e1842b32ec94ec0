import type { Conversation } from '../conversations/conversation.ts';
import { deliveryOf } from '../conversations/identity.ts';
import type { Settlement } from '../queue/settle.ts';
import type { DeliveryKey, DeliveryResult } from './delivery-record.ts';

/** What is to be written down of a delivery whose conversation will not be made. */
export interface GivenUp {
  key: DeliveryKey;
  result: DeliveryResult;
}

/**
 * Whether a message of the drafts queue is given up, and with it the delivery that asked for its conversation: it can never succeed, or
 * this was the last of its receives. Undefined when it is not, or no delivery has a record of it.
 */
export function givenUp(
  { id, org, origin }: Conversation,
  settlement: Settlement,
  isLastReceive: boolean,
): GivenUp | undefined {
  const asker = deliveryOf(origin);
  if (!asker || settlement.kind === 'done' || settlement.kind === 'postponed') return undefined;
  if (settlement.kind === 'retryable' && !isLastReceive) return undefined;
  const error = settlement.kind === 'permanent' ? settlement.reason : String(settlement.error);
  return { key: { org, ...asker }, result: { verdict: 'failed', conversation: id, error } };
}

/** What is written down before the last try: it stays when the function dies of it. */
export const lastTry: Settlement = { kind: 'permanent', reason: 'The queue gave it up after its last try' };
