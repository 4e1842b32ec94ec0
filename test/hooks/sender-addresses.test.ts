import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { senderAddresses } from '../../functions/hooks/sender-addresses.ts';
import { github } from '../../functions/hooks/senders/github.ts';
import { source } from '../../functions/hooks/source.ts';

describe('the addresses of a sender', () => {
  const isSender = senderAddresses(['192.0.2.0/24', '198.51.100.7', '2001:db8:1::/48', '2001:db8:2::5']);

  it.each([
    '192.0.2.0',
    '192.0.2.255',
    '198.51.100.7',
    '2001:db8:1::',
    '2001:db8:1:ffff:ffff:ffff:ffff:ffff',
    '2001:DB8:1:0:0:0:0:1',
    '2001:db8:2::5',
    '::ffff:192.0.2.9',
  ])('include %s', (address) => {
    expect(isSender(address)).toBe(true);
  });

  it.each([
    '192.0.3.0',
    '192.0.1.255',
    '198.51.100.8',
    '2001:db8:2::4',
    '2001:db9:1::',
    '::ffff:192.0.3.0',
    '192.0.2',
    '192.0.2.1 ',
    '192.0.2.1, 10.0.0.1',
    'localhost',
    '',
  ])('do not include "%s"', (address) => {
    expect(isSender(address)).toBe(false);
  });

  it('may be all, of one kind or both', () => {
    expect(senderAddresses(['0.0.0.0/0'])('203.0.113.1')).toBe(true);
    expect(senderAddresses(['0.0.0.0/0'])('2001:db8::1')).toBe(false);
    expect(senderAddresses(['0.0.0.0/0', '::/0'])('2001:db8::1')).toBe(true);
  });

  it.each([
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/',
    '192.0.2.0/8/8',
    '192.0.2.0/1e1',
    '192.0.2/24',
    '192.0.2.256/24',
    '2001:db8::/129',
    '2001:db8:::/32',
    'fe80::1%eth0/64',
    'hooks.example.com',
    '*',
    ' ',
    '',
  ])('are refused when the source is declared with "%s", which is no range', (range) => {
    const declare = () =>
      source({
        sender: github,
        addresses: ['192.0.2.0/24', range],
        accept: () => true,
        payload: z.unknown(),
        delivery: 'direct',
        draft: () => ({ customer: { externalId: 'somebody' } }),
      });
    expect(declare).toThrow(`addresses: ${JSON.stringify(range)} is no range of addresses`);
  });

  it('are refused when there are none: nobody could send', () => {
    expect(() => senderAddresses([])).toThrow('addresses is empty');
  });
});
