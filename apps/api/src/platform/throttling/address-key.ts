import { isIPv6 } from 'node:net';

/**
 * Finds the key under which limits count an address. A home or server has a whole /64 of IPv6, which counts as one.
 * @returns the address, or the first four groups of an IPv6 address
 */
export function addressKeyOf(address: string | undefined): string {
  if (!address) return 'unknown';
  if (!isIPv6(address)) return address;
  const mapped = mappedIPv4Of(address);
  if (mapped) return mapped;
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** @returns the IPv4 address that is mapped into an IPv6 address, in either notation, if there is one */
function mappedIPv4Of(address: string): string | undefined {
  const [, dotted, high, low] = /^::ffff:(?:([\d.]+)|([\da-f]+):([\da-f]+))$/i.exec(address) ?? [];
  if (dotted || !high || !low) return dotted;
  return [high, low].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]).join('.');
}
