import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { deliveryOf, publishedVectors, schemeOf, snsCertificate } from './published-vectors.ts';

describe('a published signature', () => {
  it.each(publishedVectors)('is judged as published: $sender $id, $outcome', async (vector) => {
    const scheme = schemeOf(vector);
    const asked: string[] = [];
    const fetchText = (url: string) => Promise.resolve((asked.push(url), snsCertificate));
    const now = (vector.now ?? 0) * 1000;
    const result = await verify(scheme, deliveryOf(vector), keysOf(scheme, [vector.secret]), {
      now,
      fetchText,
    });
    if (vector.outcome === 'accepted') expect(result).toBeInstanceOf(VerifiedDelivery);
    else expect(result).toBe(vector.outcome);
    expect(asked.every((url) => url.startsWith('https://sns.us-west-2.amazonaws.com/'))).toBe(true);
  });

  it('is there of every sender that signs, but of those of which nobody published one', () => {
    const proved = new Set(publishedVectors.map(({ sender }) => sender));
    const unproved = Object.values(senders)
      .filter(({ name, scheme }) => scheme.kind !== 'token' && !proved.has(name))
      .map(({ name }) => name);
    expect(unproved).toEqual(['calendly', 'kustomer']);
  });

  it('is there 86 times, of which 31 are refused', () => {
    expect(new Set(publishedVectors.map(({ id }) => id)).size).toBe(86);
    expect(publishedVectors.filter(({ outcome }) => outcome !== 'accepted')).toHaveLength(31);
  });
});
