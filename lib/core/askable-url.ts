import { BlockList, isIP } from 'node:net';

// No seed, api or ML node is there, whoever names it: unspecified, link-local, multicast, cloud metadata (security row 18).
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addAddress('192.0.0.192', 'ipv4');
never.addAddress('168.63.129.16', 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');
never.addAddress('fd20:ce::254', 'ipv6');
// The same through NAT64.
never.addSubnet('64:ff9b::', 104, 'ipv6');
never.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
never.addAddress('64:ff9b::6464:64c8', 'ipv6');

/** True for an IP address that may be connected to. Loopback and private ones may: a seed can be in the same network. */
export function allowedAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return !never.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The URL, when it is http or https, without credentials, and its host is no refused address in any spelling
 * (the URL parser turns decimal, octal and hex forms into dotted ones); otherwise why it isn't asked.
 */
export function askableUrl(raw: string): { url: URL } | { url?: undefined; host: string; why: string } {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const refused = (why: string) => ({ host: url?.host ?? '', why });
  if (!url) return refused('not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused('not http or https');
  if (url.username || url.password) return refused('credentials in the URL');
  const name = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) && !allowedAddress(name)) return refused('address not allowed');
  return { url };
}
