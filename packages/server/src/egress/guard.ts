import { BlockList, isIP } from 'node:net';
import { Refused } from '@avow/bytes';

/**
 * Addresses that are not of the public internet: IANA's special-purpose
 * registries for IPv4 (RFC 6890 and later) and IPv6.
 */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  SPECIAL.addSubnet(network, prefix, 'ipv4');
}

/** Of IPv6 only what is handed out to the public internet; all below carry IPv4 or are special within it. */
const PUBLIC_IPV6 = new BlockList();
PUBLIC_IPV6.addSubnet('2000::', 3, 'ipv6');
const SPECIAL_IPV6 = new BlockList();
for (const [network, prefix] of [
  // Teredo, benchmarking, ORCHID, 6to4 and documentation.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL_IPV6.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address, as a resolver gives it, is of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !SPECIAL.check(address, 'ipv4');
  if (family !== 6) return false;
  return PUBLIC_IPV6.check(address, 'ipv6') && !SPECIAL_IPV6.check(address, 'ipv6');
}

/** Ports of web services; others belong to services that would take our bytes for something else. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

/**
 * Where we may send, as an address that somebody gave: HTTPS, a usual port, no
 * credentials. Odd spellings of addresses (octal, hexadecimal, one number) are
 * read as the WHATWG URL Standard does, so that nothing else reads them
 * otherwise. Refuses `egress.address`.
 */
export function egressUrl(text: string): URL {
  const refuse = (why: string) => new Refused('egress.address', undefined, why);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('it is no URL');
  }
  if (url.protocol !== 'https:') throw refuse('only https:// is sent to');
  if (url.username !== '' || url.password !== '') throw refuse('an address has no credentials');
  if (!PORTS.has(url.port)) throw refuse(`port ${url.port} is not sent to`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refuse('the address is not public');
  if (isIP(host) === 0 && !/\.[a-z][a-z0-9-]*$/i.test(host.replace(/\.$/, ''))) {
    throw refuse('the host is no public name');
  }
  return url;
}
