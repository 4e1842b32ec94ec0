import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type {
  BulkDestination,
  ConversationStore,
  OutcomeOfMany,
} from '../../functions/conversations/conversation-store.ts';
import type { Conversation } from '../../functions/conversations/conversation.ts';
import { Postponed } from '../../functions/conversations/postponed.ts';
import { workOf } from '../../functions/drafts/ask.ts';
import { outcomesOf } from '../../functions/drafts/outcomes-of.ts';
import type { DraftMessage } from '../../functions/queue/draft-message.ts';
import { asked, objectId } from '../conversations/asked.ts';

const patience = 60_000;
const nothing = () => Promise.reject(new Error('nobody asks for it here'));

/** A destination that forgot what was handed over, and settles so many conversations before its time is over. */
function destination(capacity: number): ConversationStore {
  const settle = async (conversations: readonly Conversation[]): Promise<OutcomeOfMany[]> => {
    const outcomes: OutcomeOfMany[] = [];
    for (const conversation of conversations) {
      await setImmediate();
      outcomes.push(
        capacity-- > 0
          ? { kind: 'repeated', conversation }
          : { kind: 'failed', error: new Postponed('Time is used up', Date.now()) },
      );
    }
    return outcomes;
  };
  const inBulk: BulkDestination = {
    limits: { count: 100, bytes: 100_000 },
    takes: () => true,
    bytesOf: () => 100,
    handOver: nothing,
    told: async (_, conversations) => conversations.map(() => undefined),
    settle,
  };
  return {
    inBulk,
    create: nothing,
    createMany: async () => [],
    find: nothing,
    findByExternalId: nothing,
    list: nothing,
  };
}

/** A follow-up of `count` conversations that were handed over together. */
function followUp(number: number, count: number): DraftMessage {
  const messages = Array.from({ length: count }, (_, n) => ({
    version: 1 as const,
    conversation: asked(`${number}-${n}`, { id: objectId(1000 * number + n) }),
  }));
  const bulks = [{ id: String(number), count }];
  return { version: 1, handedOver: { at: new Date().toISOString(), bulks, messages } };
}

describe('the outcomes of what was handed over', () => {
  it('are whole ones when time does not suffice for all, so that the next time has less to do', async () => {
    const messages = Array.from({ length: 10 }, (_, n) => followUp(n, 10));
    const outcomes = await outcomesOf(messages.map(workOf), {
      store: destination(50),
      queue: { send: nothing },
      patience,
    });
    const whole = outcomes.filter((each) => each?.every(({ kind }) => kind === 'repeated'));
    expect(whole.length).toBeGreaterThanOrEqual(4);
  });

  it('are in the order of the messages, each with as many as it asks for', async () => {
    const messages = [followUp(1, 3), undefined, followUp(2, 1)];
    const store = destination(50);
    const outcomes = await outcomesOf(messages.map(workOf), { store, queue: { send: nothing }, patience });
    expect(
      outcomes.map((each) => each?.map((one) => (one.kind === 'repeated' ? one.conversation.id : one.kind))),
    ).toEqual([[objectId(1000), objectId(1001), objectId(1002)], [], [objectId(2000)]]);
  });
});
