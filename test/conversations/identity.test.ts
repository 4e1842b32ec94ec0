import { describe, expect, it } from '@jest/globals';
import {
  conversationId,
  customerIdOf,
  externalIdHolder,
  followsFromOrigin,
  freshObjectId,
  idempotentOrigin,
  isOwn,
  isSameSource,
  isSingleRequest,
  originText,
  type Origin,
} from '../../functions/conversations/identity.ts';
import { author, objectId, stranger } from './asked.ts';

const { org } = author;
const api: Origin = { kind: 'api', requestId: 'request-1' };
const event = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
const hook: Origin = { kind: 'hook', source: 'github-issues', event };

describe('the id of a conversation', () => {
  it('is the one that was asked for, before everything else', () => {
    const id = objectId(1);
    expect(conversationId(org, { id }, api)).toBe(id);
    expect(conversationId(org, { id, externalId: 'order-1' }, api)).toBe(id);
    expect(conversationId(org, { id, externalId: 'order-1' }, hook)).toBe(id);
  });

  it('follows from the externalId, whoever asks', () => {
    const id = 'b7c04974259941121eeacc9c';
    expect(conversationId(org, { externalId: 'order-1' }, api)).toBe(id);
    expect(conversationId(org, { externalId: 'order-1' }, hook)).toBe(id);
    expect(externalIdHolder(org, 'order-1')).toBe(id);
  });

  it('follows from the delivery when it has no externalId', () => {
    expect(conversationId(org, {}, hook)).toBe('82b095267044cafdc505f929');
  });

  it('is fresh when there is nothing it could follow from', () => {
    const ids = [{}, {}, { id: undefined, externalId: undefined }].map((asked) =>
      conversationId(org, asked, api),
    );
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(new Set(ids).size).toBe(3);
  });

  // What is stored under these must be found by every later version.
  it.each([
    ['an externalId', externalIdHolder(org, 'order-1'), 'b7c04974259941121eeacc9c'],
    ['an externalId beyond ASCII', externalIdHolder(org, 'é🦀'), 'ee09288985fe3e30b87686b4'],
    ['a customer', customerIdOf(org, 'github-user-1'), '55f8975ece480601bf9e6474'],
    ['a delivery', conversationId(org, {}, hook), '82b095267044cafdc505f929'],
  ])('stays what it is, for %s', (_, actual, known) => {
    expect(actual).toBe(known);
  });

  it('is another for everything that differs, however the parts are cut', () => {
    const deliveredBy = (source: string, id: string, of = org) =>
      conversationId(of, {}, { kind: 'hook', source, event: id });
    const ids = [
      externalIdHolder(org, 'order-1'),
      externalIdHolder(stranger.org, 'order-1'),
      externalIdHolder(org, 'order-2'),
      externalIdHolder(org, ''),
      externalIdHolder(org, 'é'),
      externalIdHolder(org, 'e\u0301'),
      customerIdOf(org, 'order-1'),
      deliveredBy('a', 'bc'),
      deliveredBy('ab', 'c'),
      deliveredBy('a#b', 'c'),
      deliveredBy('a', 'b#c'),
      deliveredBy('a","b', 'c'),
      deliveredBy('a', 'b","c'),
      deliveredBy('a', 'bc', stranger.org),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{24}$/);
  });
});

describe('an origin', () => {
  it('is written so that equal asks read the same and others do not', () => {
    expect(originText(api)).toBe('api#request-1');
    expect(originText(hook)).toBe(`hook#github-issues#${event}`);
    expect(originText({ ...hook, source: 'github-releases' })).not.toBe(originText(hook));
  });

  it.each([
    ['hook#a#1', 'hook#a#2', true],
    ['hook#a#1', 'hook#a#1', true],
    ['hook#a#1#x', 'hook#a#2', true],
    ['hook#a#1', 'hook#b#1', false],
    ['hook#a#1', 'hook#ab#1', false],
    ['hook#ab#1', 'hook#a#1', false],
    ['hook#a#1', 'api#a#1', false],
    ['api#1', 'api#1', false],
    ['hook#a#1', '', false],
    ['', '', false],
  ])('tells whether %s and %s come of one source: %s', (one, other, same) => {
    expect(isSameSource(one, other)).toBe(same);
  });
});

describe('a fresh object id', () => {
  it('begins with the seconds of its time', () => {
    expect(freshObjectId(new Date('2016-11-09T02:46:29.789Z'))).toMatch(/^58228e05[0-9a-f]{16}$/);
    expect(freshObjectId(new Date(5000))).toMatch(/^00000005[0-9a-f]{16}$/);
  });

  it('is another each time', () => {
    const now = new Date(5000);
    expect(new Set(Array.from({ length: 1000 }, () => freshObjectId(now))).size).toBe(1000);
  });
});

describe('an origin', () => {
  const idempotent = idempotentOrigin({ org, keyId: objectId(1) }, 'key', {});
  const bulk: Origin = { kind: 'bulk', job: objectId(2), index: 3 };
  const again: Origin = { kind: 'hook', source: 'github-issues', event: `${event}#again#1` };

  it.each([hook, again, bulk, idempotent])('leads to an id that nobody else asks for: $kind', (origin) => {
    const id = conversationId(org, {}, origin);
    expect(followsFromOrigin(org, id, originText(origin))).toBe(true);
    expect(followsFromOrigin(stranger.org, id, originText(origin))).toBe(origin === idempotent);
    expect(followsFromOrigin(org, objectId(1), originText(origin))).toBe(false);
    expect(followsFromOrigin(org, externalIdHolder(org, 'order-1'), originText(origin))).toBe(false);
  });

  it('of a single request leads to no id', () => {
    expect(followsFromOrigin(org, conversationId(org, {}, api), originText(api))).toBe(false);
  });

  it('is one that cannot come again only when a request has no Idempotency-Key', () => {
    expect([api, idempotent, bulk, hook].map((origin) => isSingleRequest(originText(origin)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('is taken for an ask’s own when it is the same, or when the destination keeps none', () => {
    expect(isOwn('api#1', 'api#1')).toBe(true);
    expect(isOwn('', 'api#1')).toBe(true);
    expect(isOwn('api#2', 'api#1')).toBe(false);
  });
});
