import { BlockList, isIP } from 'node:net';

/**
 * Makes the check whether an address is in one of the ranges: `192.0.2.0/24`, `2001:db8::/32`, or one address. What is no address is in
 * none. Throws an Error that names a range which is none, and for an empty list, which would let in nobody.
 */
export function senderAddresses(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) throw new Error('addresses is empty: nobody could send. Leave it out for anybody');
  const known = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix, ...rest] = range.split('/');
    const longest = { 0: 0, 4: 32, 6: 128 }[isIP(network)] ?? 0;
    const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
    // A zone names an interface of one machine.
    if (longest === 0 || bits > longest || rest.length > 0 || network.includes('%')) throw notARange(range);
    known.addSubnet(network, bits, familyOf(network));
  }
  return (address) => isIP(address) > 0 && known.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

function notARange(range: string): Error {
  return new Error(
    `addresses: ${JSON.stringify(range)} is no range of addresses, as 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7 is`,
  );
}
