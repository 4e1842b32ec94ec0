import { beforeAll, describe, expect, it } from '@jest/globals';
import { objectId, stranger } from '../conversations/asked.ts';
import { conversationIn, errorsIn, expectHeaders } from './answers.ts';
import { localSystem, newKey, send } from './local-system.ts';

const customer = objectId(0x9e7);
const nested = `/v1/customers/${customer}/conversations`;
const byExternalId = (text: string) => `/v1/conversations/externalId=${encodeURIComponent(text)}`;

beforeAll(localSystem, 90_000);

describe('getting a conversation', () => {
  it('answers what its creation answered', async () => {
    const created = conversationIn(
      await send('POST', nested, { json: { externalId: 'get 1', name: 'One' } }),
      201,
    );
    const answer = await send('GET', `/v1/conversations/${created.id}`);
    expect(conversationIn(answer, 200)).toEqual(created);
    expectHeaders(answer);
    expect(conversationIn(await send('GET', byExternalId('get 1')), 200)).toEqual(created);
  });

  it.each([
    'a/b',
    '/a//b/',
    'a b',
    'a+b',
    '100%',
    '%2F',
    'a=b&c#d',
    'externalId=x',
    'é🦀日本',
    '"<>\\^`{|}',
    'gid://shop/Order/1',
    'a\0b\nc',
    'x'.repeat(256),
  ])('finds it by the externalId %j', async (externalId) => {
    const created = conversationIn(await send('POST', nested, { json: { externalId } }), 201);
    expect(conversationIn(await send('GET', byExternalId(externalId)), 200)).toEqual(created);
  });

  it('does not find it by an externalId with a question mark, at which API Gateway ends the decoded path', async () => {
    const { links } = conversationIn(await send('POST', nested, { json: { externalId: 'get?1' } }), 201);
    errorsIn(await send('GET', byExternalId('get?1')), 404, 'notfound');
    expect(conversationIn(await send('GET', links.self), 200).attributes['externalId']).toBe('get?1');
  });

  it.each([
    objectId(0xdead),
    'x',
    objectId(0xdead).toUpperCase(),
    'externalId=nobody',
    'externalId=NOBODY',
    'externalid=get 1',
    '%00',
    'bulk/x',
  ])('is 404 for "%s"', async (reference) => {
    const answer = await send('GET', `/v1/conversations/${reference}`);
    errorsIn(answer, 404, 'notfound');
    expectHeaders(answer);
  });

  it('answers for another organisation’s as for one that is not there', async () => {
    const created = conversationIn(await send('POST', nested, { json: { externalId: 'get 2' } }), 201);
    const key = await newKey(stranger);
    const missing = await send('GET', `/v1/conversations/${objectId(0xdead)}`);
    for (const path of [created.links.self, byExternalId('get 2')]) {
      const answer = await send('GET', path, { key });
      errorsIn(answer, 404, 'notfound');
      expect(answer.body).toEqual(missing.body);
    }
  });

  it('needs a key, with a role of which any one will do', async () => {
    const { links } = conversationIn(await send('POST', nested), 201);
    errorsIn(await send('GET', links.self, { key: null }), 401, 'unauthorized');
    const writer = await newKey({
      roles: ['org.user.conversation.write', 'org.permission.conversation.create'],
    });
    const roles = ['org.user.conversation.read', 'org.permission.conversation.read'];
    expect(errorsIn(await send('GET', links.self, { key: writer }), 403, 'forbidden')).toMatchObject([
      { meta: { roles } },
    ]);
    for (const role of roles) {
      conversationIn(await send('GET', links.self, { key: await newKey({ roles: [role] }) }), 200);
    }
  });
});
