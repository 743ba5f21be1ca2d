import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { HeadraceError } from './errors/headrace-error.ts';

// Server-side request forgery (CWE-918): an upstream address that anyone may set must never reach the
// cloud's metadata service, which hands out the machine's own credentials, nor an internal service by
// accident. A name is judged when it is saved and the address it resolved to when it is connected,
// because DNS may answer differently in between.

/** Which addresses upstream calls may reach; `allowed` holds the operator's own networks. */
export interface UpstreamPolicy {
  allowed: BlockList;
  /** Whether any network is allowed, so that a plain-http name can resolve into one. */
  anyAllowed: boolean;
}

const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
]);

// AWS, GCP, Azure, Alibaba, Oracle, Tencent and their container credential endpoints. The whole IPv4
// link-local network goes with them: no model is served from it.
const metadata = listOf([
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
]);

// IANA special-purpose registries: what is not globally reachable.
const notPublic = listOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** @throws HeadraceError `config_invalid` where an entry is no network in CIDR notation. */
export function createUpstreamPolicy(cidrs: readonly string[]): UpstreamPolicy {
  const allowed = new BlockList();
  for (const cidr of cidrs) {
    if (!addCidr(allowed, cidr)) {
      throw new HeadraceError('config_invalid', {
        message: `"${cidr.slice(0, 64)}" is not a network in CIDR notation.`,
        where: 'HEADRACE_UPSTREAM_ALLOW_CIDRS',
        fix: 'Write networks separated by commas, such as 10.0.0.0/8,127.0.0.1/32,fd12::/16.',
      });
    }
  }
  return { allowed, anyAllowed: cidrs.length > 0 };
}

/**
 * Judges an upstream's base URL before it is saved; a name is judged again by `judgeUpstreamAddress`
 * when it is resolved.
 * @throws HeadraceError `address_forbidden`
 */
export function judgeUpstreamUrl(text: string, policy: UpstreamPolicy): URL {
  const url = URL.canParse(text) ? new URL(text) : refuse('It is not a URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    refuse('It is neither https nor http.');
  if (url.username !== '' || url.password !== '') {
    refuse('It holds a user name or password; keys belong under credentials.');
  }
  if (url.search !== '' || url.hash !== '') refuse('It holds a query or a fragment.');
  // The URL parser has already folded decimal, octal and hexadecimal spellings of an IPv4 address.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const secure = url.protocol === 'https:';
  if (metadataNames.has(host)) refuseMetadata();
  if (isIP(host) !== 0) judgeUpstreamAddress(host, { policy, secure });
  else if (host === 'localhost' || host.endsWith('.localhost')) {
    judgeUpstreamAddress('127.0.0.1', { policy, secure });
  } else if (!secure && !policy.anyAllowed) {
    refuse('Plain http is for networks of your own, and none is allowed.');
  }
  return url;
}

/**
 * Judges the IP address a call is about to connect to; `secure` says whether it speaks TLS.
 * @throws HeadraceError `address_forbidden`
 */
export function judgeUpstreamAddress(
  address: string,
  { policy, secure }: { policy: UpstreamPolicy; secure: boolean },
): void {
  const forms = [address, embeddedIpv4(address)].filter((form) => form !== null);
  if (forms.some((form) => contains(metadata, form))) refuseMetadata();
  if (forms.some((form) => contains(policy.allowed, form))) return;
  if (isIP(address) === 0) refuse('It is not an IP address.');
  if (forms.some((form) => contains(notPublic, form))) {
    refuse('It lies in a private network that is not allowed.');
  }
  if (!secure) refuse('Plain http would send the key in clear over the internet.');
}

function refuse(reason: string, fix?: string): never {
  const message = `This address is refused. ${reason}`;
  throw new HeadraceError('address_forbidden', fix === undefined ? { message } : { message, fix });
}

function refuseMetadata(): never {
  refuse(
    'It is a metadata service.',
    "Write the vendor's own address; a metadata service is never called.",
  );
}

// An IPv6 form that routes to an IPv4 address must not slip past the IPv4 lists: mapped (::ffff:0:0/96),
// compatible (::/96), NAT64 (64:ff9b::/96) and 6to4 (2002::/16).
function embeddedIpv4(address: string): string | null {
  if (!isIPv6(address)) return null;
  const groups = expandIpv6(address);
  const prefix = groups.slice(0, 6).join(':');
  if (['0:0:0:0:0:ffff', '0:0:0:0:0:0', '64:ff9b:0:0:0:0'].includes(prefix)) {
    return toIpv4(groups[6], groups[7]);
  }
  return groups[0] === '2002' ? toIpv4(groups[1], groups[2]) : null;
}

function expandIpv6(address: string): string[] {
  // The URL parser compresses every spelling to the one that is split here, dotted quads included.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
}

function toIpv4(high = '0', low = '0'): string {
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
}

function contains(list: BlockList, address: string): boolean {
  const kind = isIP(address);
  return kind !== 0 && list.check(address, kind === 4 ? 'ipv4' : 'ipv6');
}

function listOf(cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) addCidr(list, cidr);
  return list;
}

function addCidr(list: BlockList, cidr: string): boolean {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  const widest = isIPv4(address) ? 32 : 128;
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > widest) return false;
  list.addSubnet(address, Number(bits), widest === 32 ? 'ipv4' : 'ipv6');
  return true;
}
