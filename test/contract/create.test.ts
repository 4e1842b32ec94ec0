import { beforeAll, describe, expect, it } from '@jest/globals';
import { objectId } from '../conversations/asked.ts';
import { publishedConversation } from '../conversations/published-conversation.ts';
import { conversationIn, expectHeaders } from './answers.ts';
import { localSystem, newKey, send } from './local-system.ts';

const customer = '58210c3db0f09110006b7953';
const nested = `/v1/customers/${customer}/conversations`;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Everything that may be sent, as it comes back. */
const everything = {
  externalId: 'create everything 🦀',
  name: 'A name "with" \\ é 🦀 \u2028 \0',
  status: 'done',
  priority: 5,
  createdAt: '2001-02-03T04:05:06.789Z',
  importedAt: '2002-02-03T04:05:06.789Z',
  direction: 'out',
  replyChannel: null,
  tags: ['vip', 'a/b'],
  assignedUsers: [objectId(1), objectId(2)],
  assignedTeams: [objectId(3)],
  custom: {
    scoreNum: 1e308,
    dueAt: '2020-01-01T00:00:00+02:00',
    planStr: '__proto__',
    noteTxt: '🦀'.repeat(1024),
    paidBool: false,
    shopUrl: 'https://example.com/?a=b#c',
    goneStr: null,
  },
  defaultLang: 'pt_br',
  queue: { id: null, external: 'amazon-connect' },
};

beforeAll(localSystem, 90_000);

describe('creating a conversation', () => {
  it('answers the published example, made now, to the request behind it', async () => {
    const answer = await send('POST', nested, { json: { name: 'New Conversation' } });
    const { id, ...created } = conversationIn(answer, 201);
    const { attributes, relationships } = publishedConversation;
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    const { createdAt } = created.attributes;
    expect(createdAt).toMatch(moment);
    expect(created).toEqual({
      type: 'conversation',
      attributes: { ...attributes, priority: 3, createdAt, updatedAt: createdAt, modifiedAt: createdAt },
      relationships: { ...relationships, messages: { links: { self: `/v1/conversations/${id}/messages` } } },
      links: { self: `/v1/conversations/${id}` },
    });
    expectHeaders(answer);
    expect(answer.headers.get('location')).toBeNull();
  });

  it('takes the customer in the body on the other route', async () => {
    const answer = await send('POST', '/v1/conversations', { json: { customer, name: 'Foobar' } });
    const created = conversationIn(answer, 201);
    expect(created.attributes).toMatchObject({ name: 'Foobar', status: 'open', rev: 1 });
    expect(created.relationships).toMatchObject({ customer: publishedConversation.relationships.customer });
    expectHeaders(answer);
  });

  it('needs no body when the customer is in the path', async () => {
    for (const options of [{}, { json: {} }, { body: '' }]) {
      const { attributes } = conversationIn(await send('POST', nested, options), 201);
      expect(attributes).toMatchObject({ name: '' });
    }
  });

  it('gives back everything as it was sent, now and whenever it is read', async () => {
    const created = conversationIn(await send('POST', nested, { json: everything }), 201);
    expect(created.attributes).toMatchObject(everything);
    expect(conversationIn(await send('GET', created.links.self), 200)).toEqual(created);
  });

  it('takes the id that was asked for, and a campaign on the nested route', async () => {
    const asked = { id: objectId(0xc0ffee), campaign: objectId(7) };
    const created = conversationIn(await send('POST', nested, { json: asked }), 201);
    expect(created.id).toBe(asked.id);
    expect(created.attributes).toMatchObject({ campaign: asked.campaign });
  });

  it('makes another conversation each time when nothing names it', async () => {
    const json = { name: 'Twice' };
    const first = conversationIn(await send('POST', nested, { json }), 201);
    const second = conversationIn(await send('POST', nested, { json }), 201);
    expect(second.id).not.toBe(first.id);
  });

  it('may be done with any one of its roles, in the name of the key’s user', async () => {
    for (const role of ['org.user.conversation.write', 'org.permission.conversation.create', 'org.user']) {
      const user = objectId(99);
      const key = await newKey({ roles: [role], user });
      const { relationships } = conversationIn(await send('POST', nested, { key, json: {} }), 201);
      const by = { links: { self: `/v1/users/${user}` }, data: { type: 'user', id: user } };
      expect(relationships).toMatchObject({ createdBy: by, modifiedBy: by });
    }
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json'])(
    'takes the content type %s',
    async (type) => {
      const answer = await send('POST', nested, {
        body: '{"name":"é🦀"}',
        headers: { 'content-type': type },
      });
      expect(conversationIn(answer, 201).attributes).toMatchObject({ name: 'é🦀' });
    },
  );

  it('skips a byte order mark, and takes the last of two equal keys', async () => {
    const answer = await send('POST', nested, {
      body: '\ufeff{"name":"first","name":"last"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(conversationIn(answer, 201).attributes).toMatchObject({ name: 'last' });
  });

  it('makes one conversation of thirty equal requests at once that name it', async () => {
    const json = { externalId: 'create thirty', name: 'One' };
    const answers = await Promise.all(Array.from({ length: 30 }, () => send('POST', nested, { json })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 29 }, () => 409),
    ]);
  });
});
