import { expect, jest } from '@jest/globals';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { conversationStoreSuite } from '../../conformance/conversation-store.ts';
import { openVendor, storeAt } from './vendor.ts';

// Each create is a request to a whole system, with other tests beside it.
jest.setTimeout(60_000);

conversationStoreSuite(
  'KustomerStore',
  async () => {
    const vendor = await openVendor();
    return {
      make: async () => storeAt(vendor.url, await vendor.newOrganisation()),
      close: async () => vendor.close(),
    };
  },
  { readAs, originReadAs: () => '', deviations: deviations() },
);

/** What the vendor fills in itself: defaults, its own times, and how it shows the conversation. It has no origins. */
function readAs(conversation: Conversation): unknown {
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const isTimeAsked = conversation.createdAt !== conversation.updatedAt;
  return {
    name: '',
    status: 'open',
    priority: 3,
    direction: 'in',
    tags: [],
    assignedUsers: [],
    assignedTeams: [],
    ...conversation,
    origin: expect.any(String),
    createdAt: isTimeAsked ? conversation.createdAt : time,
    updatedAt: time,
    resource: expect.objectContaining({ type: 'conversation', id: conversation.id }),
  };
}

/** What the vendor's contract does not let a relay do (docs/decisions/0016). */
function deviations(): Record<string, string> {
  const noOrigins =
    'the vendor keeps no origin, so a request that nobody can repeat finds another’s conversation at its id';
  const oneKey = 'a key is one organisation’s, and so is the store';
  return {
    'answers a repeated ask with what the first one wrote': noOrigins,
    'makes one conversation of thirty equal asks at once': noOrigins,
    'tells the outcomes of many creates in their order, each on its own': noOrigins,
    'repeats an ask with its externalId alone, also thirty at once': noOrigins,
    'repeats an ask with its externalId beside an id, also thirty at once': noOrigins,
    'tells what became of many deliveries: made, made before, or in the way of another’s id':
      'the vendor keeps no origin, so an id that follows from a delivery is taken for the delivery’s own',
    'lets two organisations use the same id and externalId': oneKey,
    'holds nothing of another customer or organisation': oneKey,
    'gives nothing that fromDate excludes, also at a position that lies before it':
      'a position is a link of the vendor’s: it leads one way',
    'ends a page of large conversations before 4.5 MB, and goes on by next':
      'the vendor takes 100 KB a conversation, and ends its pages itself',
  };
}
