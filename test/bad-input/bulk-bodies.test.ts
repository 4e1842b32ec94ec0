import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, send } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { allOf, completed, submit } from '../journeys/bulk-client.ts';
import { expectRefusal } from './refusal.ts';

beforeAll(async () => void (await localSystem()), 60_000);

const customer = objectId(0xe3000);
const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  send('POST', '/v1/conversations/bulk', { body, headers });
const good = `{"customer":"${customer}"}`;

describe('a bulk body that is refused', () => {
  // Had anything been queued, it would have been worked on before what is queued now.
  afterAll(async () => {
    await completed(await submit([{ customer, name: 'Last' }]));
    expect((await allOf(customer)).map(({ attributes }) => attributes.name)).toEqual(['Last']);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['truncated JSON', `[${good},`],
    ['an object', good],
    ['a wrapped array', `{"data":[${good}]}`],
    ['a text', '"text"'],
    ['null', 'null'],
    ['an empty array', '[]'],
    ['10,001 items', `[${Array.from({ length: 10_001 }, () => good).join()}]`],
  ])('is %s', async (_, body) => {
    expectRefusal(await post(body), 400, 'bad_request', ['']);
  });

  it.each(['1', 'null', '"text"', '[]'])('has an item of the wrong kind: %s', async (item) => {
    expectRefusal(await post(`[${good},${item}]`), 400, 'bad_request', ['/1']);
  });

  it('has one bad item among good ones, and so is none of them written', async () => {
    const items = Array.from({ length: 200 }, (_, n) =>
      n === 150 ? '{"customer":"X","custom":{"a":1}}' : good,
    );
    expectRefusal(await post(`[${items.join()}]`), 400, 'bad_request', ['/150/custom/a', '/150/customer']);
  });

  it.each([
    ['without a customer', '{"name":"a"}', '/0/customer'],
    ['with a customer in upper case', `{"customer":"${'A'.repeat(24)}"}`, '/0/customer'],
    ['with an empty customer', '{"customer":{}}', '/0/customer'],
    ['with two customers', `{"customer":{"id":"${customer}","email":"a@b.example"}}`, '/0/customer'],
    ['with no email address', '{"customer":{"email":"ada"}}', '/0/customer/email'],
    ['with half a surrogate pair', '{"customer":{"externalId":"\\ud800"}}', '/0/customer/externalId'],
    ['with more of a customer', `{"customer":{"id":"${customer}","name":"a"}}`, '/0/customer/name'],
    ['with a campaign', `{"customer":"${customer}","campaign":"${customer}"}`, '/0/campaign'],
    ['with a lone surrogate', `{"customer":"${customer}","name":"\\ud800"}`, '/0/name'],
    ['with a number beyond double', `{"customer":"${customer}","custom":{"aNum":1e999}}`, '/0/custom/aNum'],
    ['with an empty _clientRef', `{"customer":"${customer}","_clientRef":""}`, '/0/_clientRef'],
  ])('has an item %s', async (_, item, pointer) => {
    expectRefusal(await post(`[${item}]`), 400, 'bad_request', [pointer]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('has %s for a key, at any level', async (key) => {
    const member = `"${key}":{"name":"a"}`;
    const items = [
      `{"customer":"${customer}",${member}}`,
      `{"customer":"${customer}","custom":{${member}}}`,
      `{"customer":"${customer}","queue":{"id":"a",${member}}}`,
      `{"customer":{"id":"${customer}",${member}}}`,
    ];
    const places = ['', '/custom', '/queue', '/customer'];
    for (const [item, place] of items.map((item, n) => [item, places[n]] as const)) {
      expectRefusal(await post(`[${good},${item}]`), 400, 'bad_request', [`/1${place}/${key}`]);
    }
  });

  it('gives a _clientRef to some items only, or twice', async () => {
    const withRef = (ref: string) => `{"customer":"${customer}","_clientRef":"${ref}"}`;
    expectRefusal(await post(`[${withRef('a')},${good}]`), 400, 'bad_request', ['/1/_clientRef']);
    expectRefusal(await post(`[${withRef('a')},${withRef('a')}]`), 400, 'bad_request', ['/1/_clientRef']);
  });

  it('is nested deeper than 32 levels', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expectRefusal(await post(deep), 400, 'bad_request', ['/0/0/0']);
    const item = `{"customer":"${customer}","custom":{"aStr":${deep}}}`;
    expectRefusal(await post(`[${good},${item}]`), 400, 'bad_request', ['/1/custom/aStr']);
  });

  it('has more than 5 MB', async () => {
    const limit = 5 * 1024 * 1024;
    const answer = await post(`[${good}]`.padEnd(limit + 1));
    expectRefusal(answer, 413, 'payload_too_large', [undefined]);
    expect(answer.body).toMatchObject({ errors: [{ meta: { limit } }] });
  });

  it('has an item larger than a create may be', async () => {
    const texts = Array.from({ length: 99 }, (_, n) => [`text${n}Str`, 'x'.repeat(1024)]);
    const item = JSON.stringify({ customer, custom: Object.fromEntries(texts) });
    expect(item.length).toBeGreaterThan(100 * 1024);
    expectRefusal(await post(`[${good},${item}]`), 413, 'payload_too_large', [undefined]);
  });

  it('is said to be something else than JSON', async () => {
    const answer = await post(`[${good}]`, { 'content-type': 'text/csv' });
    expectRefusal(answer, 415, 'unsupported_media_type', ['content-type']);
  });

  it('has a thousand faults and more, of which a thousand are told', async () => {
    const answer = await post(`[${Array.from({ length: 3000 }, () => '{"customer":1}').join()}]`);
    const places = Array.from({ length: 1000 }, (_, n) => `/${n}/customer`);
    expectRefusal(answer, 400, 'bad_request', places);
  });

  it.each([
    ['each of its items', `[${Array.from({ length: 4000 }, () => `{${unknownFields(60)}}`).join()}]`],
    ['one item', `[{${unknownFields(200_000)}}]`],
  ])(
    'has more faults in %s than a call has room for arguments',
    async (_, body) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect((answer.body as { errors: object[] }).errors).toHaveLength(1000);
    },
    20_000,
  );
});

function unknownFields(count: number): string {
  return Array.from({ length: count }, (_, n) => `"${n.toString(36)}":1`).join();
}
