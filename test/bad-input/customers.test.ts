import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, send } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { allOf } from '../journeys/bulk-client.ts';
import { expectRefusal } from './refusal.ts';

beforeAll(async () => void (await localSystem()), 60_000);

const customer = objectId(0xe8000);
const post = (path: string, body: string) =>
  send('POST', path, { body, headers: { 'content-type': 'application/json' } });
const create = (ref: string) => post('/v1/conversations', `{"customer":${ref}}`);

describe('a customer in a body that is refused', () => {
  afterEach(async () => {
    expect(await allOf(customer)).toEqual([]);
  });

  it.each([
    ['null', ['/customer']],
    ['5', ['/customer']],
    ['""', ['/customer']],
    [`["${customer}"]`, ['/customer']],
    ['"ada@example.com"', ['/customer']],
    ['{}', ['/customer']],
    [`{"id":"${customer.toUpperCase()}"}`, ['/customer/id']],
    [`{"id":{"id":"${customer}"}}`, ['/customer/id']],
    [`{"id":null}`, ['/customer/id']],
    [`{"id":"${customer}","email":"ada@example.com"}`, ['/customer']],
    [`{"id":"${customer}","name":"Ada"}`, ['/customer/name']],
    ['{"email":"ada"}', ['/customer/email']],
    ['{"email":["ada@example.com"]}', ['/customer/email']],
    ['{"phone":"+"}', ['/customer/phone']],
    ['{"phone":110}', ['/customer/phone']],
    ['{"phone":1e400}', ['/customer/phone']],
    ['{"externalId":""}', ['/customer/externalId']],
    [`{"externalId":"${'x'.repeat(257)}"}`, ['/customer/externalId']],
    ['{"externalId":"\\ud800"}', ['/customer/externalId']],
    ['{"email":"\\udfff@example.com"}', ['/customer/email']],
    ['{"mail":"ada@example.com"}', ['/customer', '/customer/mail']],
    [
      '{"email":"ada","phone":5,"nick":1}',
      ['/customer', '/customer/email', '/customer/phone', '/customer/nick'],
    ],
  ])('is %s', async (ref, places) => {
    expectRefusal(await create(ref), 400, 'bad_request', places);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('has %s for a key', async (key) => {
    const answer = await create(`{"id":"${customer}","${key}":{"email":"ada@example.com"}}`);
    expectRefusal(answer, 400, 'bad_request', [`/customer/${key}`]);
    expectRefusal(await create(`{"${key}":{"id":"${customer}"}}`), 400, 'bad_request', [
      `/customer/${key}`,
      '/customer',
    ]);
  });

  it('is nested deeper than 32 levels', async () => {
    const answer = await create(`{"email":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
    expectRefusal(answer, 400, 'bad_request', ['/customer/email/0']);
  });

  it.each([`"${customer}"`, `{"id":"${customer}"}`, '{"email":"ada@example.com"}'])(
    'is named in the path already: %s',
    async (ref) => {
      const answer = await post(`/v1/customers/${customer}/conversations`, `{"customer":${ref}}`);
      expectRefusal(answer, 400, 'bad_request', ['/customer']);
    },
  );
});
