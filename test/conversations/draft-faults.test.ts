import { describe, expect, it } from '@jest/globals';
import { parseCustomerId, parseDraft, parseDraftFor } from '../../functions/conversations/draft.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { customer, objectId } from './asked.ts';

/** A draft in which everything is wrong, and where its faults are. */
const allWrong = {
  customer: 'nobody',
  id: 'X',
  externalId: 'x'.repeat(257),
  name: null,
  status: 'snoozed',
  priority: 9,
  createdAt: 'now',
  importedAt: 7,
  direction: 'sideways',
  replyChannel: [],
  tags: ['fine', '#1', ' 2'],
  assignedUsers: [objectId(1), 'x', 'y'],
  assignedTeams: 'everyone',
  custom: { planStr: 5, 'a/b~c': 1, '~1': 1, seatsNum: '5', '': 1 },
  defaultLang: 5,
  queue: { id: 5, nick: 'q' },
  'a/b': 1,
  '~': 2,
};
const allPlaces = [
  '/customer',
  '/id',
  '/externalId',
  '/name',
  '/status',
  '/priority',
  '/createdAt',
  '/importedAt',
  '/direction',
  '/replyChannel',
  '/tags/1',
  '/tags/2',
  '/assignedUsers/1',
  '/assignedUsers/2',
  '/assignedTeams',
  '/custom/planStr',
  '/custom/a~1b~0c',
  '/custom/~01',
  '/custom/seatsNum',
  '/custom/',
  '/defaultLang',
  '/queue/id',
  '/queue/nick',
  '/a~1b',
  '/~0',
];

describe('a draft with faults', () => {
  it('tells all of them at once, each where it is, by RFC 6901', async () => {
    const problem = await problemOf(400, () => parseDraft(allWrong));
    expect(problem.code).toBe('bad_request');
    expect(placesOf(problem).toSorted()).toEqual(allPlaces.toSorted());
  });

  it('says of each what would be right and what kind of thing came, never what it held', async () => {
    const secret = 'sk_live_secret';
    const { faults } = await problemOf(400, () =>
      parseDraft({ customer: secret, status: secret, createdAt: secret, custom: { siteUrl: secret } }),
    );
    expect(faults).toContainEqual({
      title: '/status must be one of: open, done',
      detail: 'It is a string of 14 characters.',
      pointer: '/status',
    });
    expect(JSON.stringify(faults)).not.toContain(secret);
  });

  it('counts characters as code points when it tells a length', async () => {
    const { faults } = await problemOf(400, () => parseDraft({ customer, name: '🦀'.repeat(300) }));
    expect(faults[0]).toEqual({
      title: '/name must be at most 256 characters',
      detail: 'It is a string of 300 characters.',
      pointer: '/name',
    });
  });

  it('is refused as quickly when it has a hundred thousand faults, and tells a thousand', async () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, 1]));
    const began = performance.now();
    const { faults } = await problemOf(400, () => parseDraft({ customer, ...many }));
    expect(faults).toHaveLength(1000);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('a draft whose customer is in the path', () => {
  it('may be left out, or be empty', () => {
    expect(parseDraftFor(customer, undefined)).toEqual({ customer });
    expect(parseDraftFor(customer, {})).toEqual({ customer });
  });

  it.each([null, [], 'x', 0, false])('is not %j', async (body) => {
    expect(placesOf(await problemOf(400, () => parseDraftFor(customer, body)))).toEqual(['']);
  });

  it('may name a campaign, which a draft that names its customer may not', async () => {
    const campaign = objectId(1);
    expect(parseDraftFor(customer, { campaign })).toEqual({ customer, campaign });
    const problem = await problemOf(400, () => parseDraft({ customer, campaign }));
    expect(placesOf(problem)).toEqual(['/campaign']);
    const malformed = await problemOf(400, () => parseDraftFor(customer, { campaign: 'x' }));
    expect(placesOf(malformed)).toEqual(['/campaign']);
  });

  it('may not name its customer again', async () => {
    const problem = await problemOf(400, () => parseDraftFor(customer, { customer }));
    expect(placesOf(problem)).toEqual(['/customer']);
  });

  it('tells the path’s fault along with those of the body', async () => {
    const problem = await problemOf(400, () => parseDraftFor('nobody', { priority: 9, name: 5 }));
    expect(placesOf(problem)).toEqual(['id', '/name', '/priority']);
    expect(placesOf(await problemOf(400, () => parseDraftFor('nobody', undefined)))).toEqual(['id']);
  });
});

describe('a customer id in a path', () => {
  it('is 24 lower-case hex digits', async () => {
    expect(parseCustomerId(customer)).toBe(customer);
    for (const wrong of [
      '',
      'x',
      customer.toUpperCase(),
      `${customer}0`,
      customer.slice(1),
      ` ${customer}`,
    ]) {
      expect(placesOf(await problemOf(400, () => parseCustomerId(wrong)))).toEqual(['id']);
    }
  });
});
