import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { judged, time, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

const caseOf = (title: string) => senderCases.find((of) => of.title === title)!;
const withUrl = senderCases.filter(({ title }) =>
  ['generic-hmac of everything', 'hubspot', 'hubspot-v2', 'square', 'twilio form', 'twilio json'].includes(
    title,
  ),
);

/** Is a delivery accepted that was signed for one URL, when another is what we know to have been called? */
async function isAccepted(of: SenderCase, signedFor: string, called: string): Promise<boolean> {
  const delivery = of.sign({ url: signedFor });
  // What signing adds to the URL stays.
  const url = called + delivery.url.slice(signedFor.length);
  return (await judged(of, { ...delivery, url })) instanceof VerifiedDelivery;
}

describe('the URL that is signed', () => {
  it.each(
    [
      ['https://a.example/x?b=1', 'https://a.example:443/x?b=1'],
      ['http://a.example/x', 'http://a.example:80/x'],
      ['https://user:pass@a.example/x', 'https://user:pass@a.example:443/x'],
      ['https://[::1]/x', 'https://[::1]:443/x'],
      ['https://a.example?b=https://c.example:1/', 'https://a.example:443?b=https://c.example:1/'],
      ['https://a.example/b:1/@c', 'https://a.example:443/b:1/@c'],
    ].map(([without, withPort]) => ({ without: without!, withPort: withPort! })),
  )('may be with or without the default port: $without', async ({ without, withPort }) => {
    for (const of of withUrl) {
      expect(await isAccepted(of, without, without)).toBe(true);
      expect(await isAccepted(of, withPort, withPort)).toBe(true);
      expect(await isAccepted(of, withPort, without)).toBe(true);
      expect(await isAccepted(of, without, withPort)).toBe(true);
    }
  });

  it('may be without the port that was called, and not with another', async () => {
    for (const of of withUrl) {
      expect(await isAccepted(of, 'https://a.example/x', 'https://a.example:8443/x')).toBe(true);
      expect(await isAccepted(of, 'https://a.example:8443/x', 'https://a.example/x')).toBe(false);
      expect(await isAccepted(of, 'https://a.example:8443/x', 'https://a.example:8444/x')).toBe(false);
      expect(await isAccepted(of, 'https://a.example:80/x', 'https://a.example/x')).toBe(false);
    }
  });

  it.each([
    'http://a.example/x?b=1',
    'https://A.example/x?b=1',
    'https://a.example./x?b=1',
    'https://a.example//x?b=1',
    'https://a.example/./x?b=1',
    'https://a.example/x/?b=1',
    'https://a.example/%78?b=1',
    'https://a.example/x?b=1&',
    'https://a.example/x?b=1#',
    'https://user@a.example/x?b=1',
    'https://a.example:/x?b=1',
    'https://a.example/x',
  ])('is the same to the letter: not %s', async (called) => {
    for (const of of withUrl) expect(await isAccepted(of, 'https://a.example/x?b=1', called)).toBe(false);
  });

  it('is signed by HubSpot with some escapes decoded, and with no others', async () => {
    const of = caseOf('hubspot');
    const decoded = Object.entries({
      '%3A': ':',
      '%2F': '/',
      '%3F': '?',
      '%40': '@',
      '%21': '!',
      '%24': '$',
      '%27': "'",
      '%28': '(',
      '%29': ')',
      '%2A': '*',
      '%2C': ',',
      '%3B': ';',
    });
    const kept = [
      '%20',
      '%22',
      '%23',
      '%25',
      '%26',
      '%2B',
      '%2D',
      '%3D',
      '%41',
      '%5B',
      '%C3%A9',
      '%00',
      '%',
      '%3',
    ];
    const signed = async (called: string, url: string) => {
      const stamp = String(time);
      const signature = createHmac('sha256', of.secret(0)).update(`POST${url}x${stamp}`).digest('base64');
      const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp };
      const delivery = { headers, url: called, method: 'POST', body: Buffer.from('x') };
      return (await judged(of, delivery)) instanceof VerifiedDelivery;
    };
    const base = 'https://a.example/x?a=';
    for (const [escape, letter] of decoded) {
      for (const called of [escape, escape.toLowerCase(), letter]) {
        expect([called, await signed(base + called, base + letter)]).toEqual([called, true]);
      }
    }
    for (const escape of kept) {
      expect([escape, await signed(base + escape, base + escape)]).toEqual([escape, true]);
    }
    expect(await signed(`${base}%20`, `${base} `)).toBe(false);
    expect(await signed(`${base}%252F`, `${base}%2F`)).toBe(false);
  });
});
