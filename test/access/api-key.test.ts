import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { isLiveSecret, mintApiKey, parseApiKey } from '../../functions/access/api-key.ts';
import { author } from '../conversations/asked.ts';

const options = { ...author, roles: ['org'], name: 'for tests' };
const now = new Date('2020-01-01T00:00:00.000Z');
const { key, record } = mintApiKey(options, now);
const { id, secret } = parseApiKey(key) ?? { id: '', secret: '' };

describe('a new API key', () => {
  it('is its id and its secret, behind a prefix that scanners find', () => {
    expect(key).toBe(`ci_${id}_${secret}`);
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  it('is recorded with all that was chosen, and with its secret only as a hash', () => {
    expect(record).toEqual({
      ...options,
      id,
      secretHash: createHash('sha256').update(secret).digest('hex'),
      createdAt: now.toISOString(),
    });
    expect(JSON.stringify(record)).not.toContain(secret);
  });

  it('is another each time', () => {
    const keys = Array.from({ length: 100 }, () => mintApiKey(options, now));
    expect(new Set(keys.map(({ key: each }) => parseApiKey(each)?.secret)).size).toBe(100);
    expect(new Set(keys.map(({ record: { id: each } }) => each)).size).toBe(100);
  });
});

describe('the text of an API key', () => {
  it.each([
    ['nothing', ''],
    ['no prefix', key.slice(3)],
    ['another prefix', `sk_${key.slice(3)}`],
    ['a prefix in capitals', `CI_${key.slice(3)}`],
    ['an id alone', `ci_${id}`],
    ['a secret alone', `ci_${secret}`],
    ['an id in capitals', `ci_${'A'.repeat(24)}_${secret}`],
    ['a short id', `ci_${id.slice(1)}_${secret}`],
    ['a short secret', key.slice(0, -1)],
    ['a long secret', `${key}A`],
    ['a secret that is not base64url', `ci_${id}_${'+'.repeat(43)}`],
    ['a line end', `${key}\n`],
    ['a blank before', ` ${key}`],
    ['a second key', `${key},${key}`],
    ['a megabyte', key.repeat(15_000)],
  ])('is none with %s', (_, text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });
});

describe('a secret', () => {
  it('is live when it is the record’s, to the letter', () => {
    expect(isLiveSecret(record, secret, now)).toBe(true);
    for (const wrong of ['', `${secret}A`, secret.slice(1), mintApiKey(options).key, record.secretHash]) {
      expect(isLiveSecret(record, wrong, now)).toBe(false);
    }
  });

  it('is live until it expires, not at that moment any more', () => {
    const expiring = { ...record, expiresAt: '2020-06-01T00:00:00.000Z' };
    expect(isLiveSecret(expiring, secret, new Date('2020-05-31T23:59:59.999Z'))).toBe(true);
    expect(isLiveSecret(expiring, secret, new Date('2020-06-01T00:00:00.000Z'))).toBe(false);
    expect(isLiveSecret(record, secret, new Date('9999-12-31T00:00:00.000Z'))).toBe(true);
  });

  it('is not live once it is revoked, whatever the moment', () => {
    const revoked = { ...record, revokedAt: '2019-01-01T00:00:00.000Z' };
    expect(isLiveSecret(revoked, secret, now)).toBe(false);
    expect(isLiveSecret(revoked, secret, new Date('2018-01-01T00:00:00.000Z'))).toBe(false);
  });

  it('is not live when nobody can read when it expires', () => {
    expect(isLiveSecret({ ...record, expiresAt: 'next week' }, secret, now)).toBe(false);
  });
});
