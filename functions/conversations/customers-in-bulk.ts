import pMap from 'p-map';
import { Problem, type Fault } from '../lambda/problem.ts';
import type { Conversation } from './conversation.ts';

/** Customers that are asked for at once. */
const concurrency = 4;

/**
 * The ids of the customers of conversations that go out together, in their order; `idOf` is asked for those that are named otherwise.
 * Throws Problem for those that are refused, with pointers into the request as the vendor's own refusals have: `/7/customer/email`.
 */
export async function customersInBulk(
  conversations: readonly Conversation[],
  idOf: (conversation: Conversation) => Promise<string>,
): Promise<string[]> {
  const refusals: { problem: Problem; faults: Fault[] }[] = [];
  const idAt = async (conversation: Conversation, index: number): Promise<string> => {
    if (!conversation.named) return conversation.customer;
    try {
      return await idOf(conversation);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const faults = error.faults.map((fault) => ({ ...fault, pointer: `/${index}${fault.pointer ?? ''}` }));
      refusals.push({ problem: error, faults });
      return '';
    }
  };
  const ids = await pMap(conversations, idAt, { concurrency });
  const [first] = refusals;
  if (first) {
    const { status, code } = first.problem;
    throw new Problem(
      status,
      code,
      refusals.flatMap(({ faults }) => faults),
    );
  }
  return ids;
}
