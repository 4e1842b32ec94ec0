import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import type { ConversationStore } from '../../functions/conversations/conversation-store.ts';
import { contentRules } from './conversation-store-content.ts';
import { createRules } from './conversation-store-create.ts';
import { externalIdRules } from './conversation-store-external-id.ts';
import { listRules } from './conversation-store-list.ts';
import { pagingRules } from './conversation-store-paging.ts';
import { rulesWith, type Differences } from './rule.ts';

/** A destination that is up, of which stores are made. */
export interface StoreMaker {
  /** A store that holds nothing yet. */
  make(): Promise<ConversationStore>;
  close(): Promise<void>;
}

/**
 * What every ConversationStore does, but for its differences. `start` brings up what its stores talk to, once for the whole suite.
 */
export function conversationStoreSuite(
  name: string,
  start: () => Promise<StoreMaker>,
  differences: Differences = {},
): void {
  describe(name, () => {
    let maker: StoreMaker;
    let store: ConversationStore;
    beforeAll(async () => {
      maker = await start();
    });
    beforeEach(async () => {
      store = await maker.make();
    });
    afterAll(() => maker.close());

    const current = () => store;
    const rules = rulesWith(differences);
    describe('create', () => createRules(current, rules));
    describe('externalId', () => externalIdRules(current, rules));
    describe('content', () => contentRules(current, rules));
    describe('list', () => listRules(current, rules));
    describe('paging', () => pagingRules(current, rules));
    rules.end();
  });
}
