import { beforeAll, describe, expect, it } from '@jest/globals';
import { mintApiKey } from '../../functions/access/api-key.ts';
import { author, objectId, stranger } from '../conversations/asked.ts';
import { conversationIn, errorsIn, expectHeaders, placesIn } from './answers.ts';
import { localSystem, newKey, send, type RequestOptions } from './local-system.ts';

const customer = objectId(0xbad);
const nested = `/v1/customers/${customer}/conversations`;
const limit = 100 * 1024;
const asJson = { headers: { 'content-type': 'application/json' } };

beforeAll(localSystem, 90_000);

describe('a create is refused', () => {
  it('with every fault of its body at once, each with its pointer', async () => {
    const json = {
      id: 'x',
      name: 'x'.repeat(257),
      status: 'snoozed',
      priority: 0,
      createdAt: 'now',
      tags: ['fine', '#'],
      custom: { plan: 1, 'a/b~c': 1, seatsNum: '1' },
      queue: {},
      channel: 'email',
    };
    const answer = await send('POST', nested, { json });
    expect(placesIn(errorsIn(answer, 400, 'bad_request')).toSorted()).toEqual(
      [
        '/channel',
        '/createdAt',
        '/custom/a~1b~0c',
        '/custom/plan',
        '/custom/seatsNum',
        '/id',
        '/name',
        '/priority',
        '/queue',
        '/status',
        '/tags/1',
      ].toSorted(),
    );
    expectHeaders(answer);
  });

  it.each<[string, RequestOptions]>([
    ['is not JSON', { body: '{"name":', ...asJson }],
    ['is not UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]), ...asJson }],
    ['is no object', { json: [] }],
    ['is null', { json: null }],
    ['holds half a surrogate pair', { body: '{"name":"\\ud800"}', ...asJson }],
    ['holds a key that JavaScript reserves', { body: '{"__proto__":{"name":"x"}}', ...asJson }],
    ['is nested too deep', { body: `{"custom":${'['.repeat(40)}${']'.repeat(40)}}`, ...asJson }],
    ['is nested a hundred thousand levels deep', { body: '['.repeat(100_000), ...asJson }],
  ])('when its body %s', async (_, options) => {
    errorsIn(await send('POST', nested, options), 400, 'bad_request');
  });

  it('for its faults all at once, those of reserved keys among them', async () => {
    const body = '{"__proto__":{},"status":"snoozed","custom":{"constructor":1}}';
    const errors = errorsIn(await send('POST', nested, { body, ...asJson }), 400, 'bad_request');
    expect(placesIn(errors).toSorted()).toEqual(['/__proto__', '/custom/constructor', '/status']);
  });

  it.each(['x', 'ABCDEF0123456789ABCDEF01', `${customer}0`])(
    'when the customer in the path is "%s"',
    async (id) => {
      const answer = await send('POST', `/v1/customers/${id}/conversations`, { json: { priority: 9 } });
      expect(placesIn(errorsIn(answer, 400, 'bad_request'))).toEqual(['id', '/priority']);
    },
  );

  it('when it names a customer twice, or none where one is needed', async () => {
    const twice = await send('POST', nested, { json: { customer } });
    expect(placesIn(errorsIn(twice, 400, 'bad_request'))).toEqual(['/customer']);
    const none = await send('POST', '/v1/conversations', { json: { name: 'x' } });
    expect(placesIn(errorsIn(none, 400, 'bad_request'))).toEqual(['/customer']);
    const empty = await send('POST', '/v1/conversations');
    expect(placesIn(errorsIn(empty, 400, 'bad_request'))).toEqual(['']);
    const campaign = await send('POST', '/v1/conversations', { json: { customer, campaign: customer } });
    expect(placesIn(errorsIn(campaign, 400, 'bad_request'))).toEqual(['/campaign']);
  });

  it('without a good key, whatever else is wrong', async () => {
    const unknown = mintApiKey({ ...author, roles: ['org'] }).key;
    const expired = await newKey({ expiresAt: '2001-01-01T00:00:00.000Z' });
    for (const key of [null, 'x', unknown, expired]) {
      const answer = await send('POST', nested, { key, json: { status: 'snoozed' } });
      errorsIn(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expectHeaders(answer);
    }
  });

  it('without the role, which is named', async () => {
    const key = await newKey({ roles: ['org.user.conversation.read', 'org.permission.conversation.read'] });
    const answer = await send('POST', nested, { key, json: {} });
    const roles = ['org.user.conversation.write', 'org.permission.conversation.create'];
    expect(errorsIn(answer, 403, 'forbidden')).toMatchObject([{ meta: { roles } }]);
    expectHeaders(answer);
  });

  it('when its id or externalId is taken, by an answer that names the holder', async () => {
    const id = objectId(0xbad1);
    const holder = conversationIn(await send('POST', nested, { json: { id, externalId: 'refused 1' } }), 201);
    const byId = await send('POST', nested, { json: { id, name: 'Other' } });
    expect(errorsIn(byId, 409, 'conflict')).toMatchObject([{ source: { pointer: '/id' }, meta: { id } }]);
    for (const json of [{ externalId: 'refused 1' }, { id: objectId(0xbad2), externalId: 'refused 1' }]) {
      const answer = await send('POST', nested, { json });
      expect(errorsIn(answer, 409, 'conflict')).toMatchObject([
        { source: { pointer: '/externalId' }, meta: { id } },
      ]);
      expectHeaders(answer);
    }
    expect(conversationIn(await send('GET', holder.links.self), 200)).toEqual(holder);
    errorsIn(await send('GET', `/v1/conversations/${objectId(0xbad2)}`), 404, 'notfound');
  });

  it('for nothing that another organisation holds', async () => {
    const json = { id: objectId(0xbad3), externalId: 'refused 2' };
    conversationIn(await send('POST', nested, { json }), 201);
    const key = await newKey(stranger);
    conversationIn(await send('POST', nested, { key, json }), 201);
  });

  it('above 100 KB, and not at 100 KB', async () => {
    const padded = (bytes: number) => `{"name":"x"}${' '.repeat(bytes - 12)}`;
    conversationIn(await send('POST', nested, { body: padded(limit), ...asJson }), 201);
    const answer = await send('POST', nested, { body: padded(limit + 1), ...asJson });
    expect(errorsIn(answer, 413, 'payload_too_large')).toMatchObject([{ meta: { limit } }]);
    expectHeaders(answer);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=iso-8859-1'])(
    'as %s',
    async (type) => {
      const answer = await send('POST', nested, { body: '{}', headers: { 'content-type': type } });
      errorsIn(answer, 415, 'unsupported_media_type');
      expectHeaders(answer);
    },
  );

  it('and leaves nothing behind', async () => {
    const own = objectId(0xbad4);
    const path = `/v1/customers/${own}/conversations`;
    const key = await newKey({ roles: ['org.user.conversation.read'] });
    await send('POST', path, { json: { status: 'snoozed', externalId: 'refused 3' } });
    await send('POST', path, { key, json: { externalId: 'refused 3' } });
    await send('POST', path, { key: null, json: { externalId: 'refused 3' } });
    expect((await send('GET', path)).body).toMatchObject({ data: [] });
    errorsIn(await send('GET', '/v1/conversations/externalId=refused%203'), 404, 'notfound');
  });
});
