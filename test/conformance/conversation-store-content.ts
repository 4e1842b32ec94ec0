import { expect } from '@jest/globals';
import type { ConversationStore } from '../../functions/conversations/conversation-store.ts';
import type { Conversation } from '../../functions/conversations/conversation.ts';
import { asked, objectId } from '../conversations/asked.ts';
import type { Rules } from './rule.ts';

const texts: [string, string][] = [
  ['nothing', ''],
  ['blanks and line ends', ' \t\r\n x \n'],
  ['256 emoji', '🦀'.repeat(256)],
  ['emoji that are joined', '👩‍👩‍👧‍👦🏳️‍🌈'],
  ['NUL and other controls', 'a\0b\u0001\u001f\u007f\u0085'],
  ['quotes and backslashes', `"'\`\\\\" \\u0041 \\`],
  ['markup', '<script>alert(1)</script> &amp; ]]>'],
  ['a byte order mark', '\ufeffname\ufeff'],
  ['line separators', 'a\u2028b\u2029c'],
  ['right-to-left text', 'שלום\u202e abc'],
  ['letters composed and not', 'é e\u0301 ﬁ Å Å'],
  ['noncharacters', '\ufffe\uffff\u{1fffe}'],
  ['a reserved name', '__proto__'],
  ['JSON', '{"__proto__": {"polluted": true}}'],
  ['separators of ours', 'org#1#conversation#2'],
];
const doubles = [
  0,
  1.5,
  1e308,
  Number.MAX_VALUE,
  5e-324,
  -5e-324,
  0.1 + 0.2,
  1e21,
  1e-7,
  2 ** 53 + 2,
  -1e308,
];

/** What was written is what is read, whichever way it is read. */
export function contentRules(store: () => ConversationStore, { rule, readAs }: Rules): void {
  rule.each(texts)('gives back text as it came: %s', async (_, text) => {
    const conversation = asked('first', {
      externalId: text,
      name: text,
      replyChannel: text,
      custom: { noteStr: text, moreTxt: text },
    });
    await store().create(conversation);
    const read = readAs(conversation);
    expect(await everyWay(store(), conversation)).toEqual([read, read, read]);
  });

  rule('gives back numbers as they came, up to the ends of what a double holds', async () => {
    const custom = Object.fromEntries(doubles.map((value, index) => [`n${index}Num`, value]));
    const conversation = asked('first', { externalId: 'order-1', custom });
    await store().create(conversation);
    for (const found of await everyWay(store(), conversation)) {
      expect(Object.values(found?.custom ?? {})).toEqual(doubles);
    }
  });

  rule('gives back minus zero as zero, as JSON writes it', async () => {
    const conversation = asked('first', { externalId: 'order-1', custom: { zeroNum: -0 } });
    await store().create(conversation);
    for (const found of await everyWay(store(), conversation)) {
      expect(Object.is(found?.custom?.['zeroNum'], 0)).toBe(true);
    }
  });

  rule('gives back every field, also null and empty ones, in the order they came', async () => {
    const conversation = asked('first', {
      id: objectId(1),
      externalId: 'order-1',
      campaign: objectId(2),
      name: '',
      status: 'done',
      priority: 5,
      createdAt: '0000-01-01T00:00:00.000Z',
      importedAt: '9999-12-31T23:59:59.999Z',
      direction: 'out',
      replyChannel: null,
      tags: ['b', 'a'],
      assignedUsers: [],
      assignedTeams: [objectId(4), objectId(3)],
      custom: { zStr: null, aBool: false, mNum: 0 },
      defaultLang: null,
      queue: { id: null, external: 'amazon-connect' },
    });
    await store().create(conversation);
    for (const found of await everyWay(store(), conversation)) {
      expect(found).toEqual(readAs(conversation));
      expect(Object.keys(found?.custom ?? {})).toEqual(['zStr', 'aBool', 'mNum']);
    }
  });
}

/** The conversation as it is found by its id, by its externalId, and in its customer's list. */
async function everyWay(store: ConversationStore, conversation: Conversation) {
  const { org, id, externalId, customer } = conversation;
  const { conversations } = await store.list(org, customer, { page: 1, pageSize: 100 });
  expect(conversations).toHaveLength(1);
  return [await store.find(org, id), await store.findByExternalId(org, externalId ?? ''), conversations[0]];
}
