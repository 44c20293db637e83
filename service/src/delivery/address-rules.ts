import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** Why an address is not an ordinary public one. */
export type AddressRule =
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'cgnat'
  | 'multicast'
  | 'broadcast'
  | 'documentation'
  | 'benchmarking'
  | 'reserved'
  | 'ipv4-mapped'
  | 'nat64'
  | '6to4'
  | 'teredo'
  | 'not-global'
  | 'metadata';

/**
 * Instance metadata and credential services of AWS, GCP, Azure, Alibaba and Oracle clouds (their public documentation).
 * The Azure one is a public address, and some of the others hide in ranges that people allow for good reasons.
 */
const metadataAddresses = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.169.253',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map((text) => ipaddr.parse(text).toNormalizedString()),
);

/** IANA special-purpose address registries (RFC 6890 and updates); the first match names the rule. */
const ranges: readonly (readonly [string, AddressRule])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['127.0.0.0/8', 'loopback'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['169.254.0.0/16', 'link-local'],
  ['100.64.0.0/10', 'cgnat'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['192.0.2.0/24', 'documentation'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['198.18.0.0/15', 'benchmarking'],
  ['192.0.0.0/24', 'reserved'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', '6to4'],
  ['192.175.48.0/24', 'reserved'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'ipv4-mapped'],
  ['::ffff:0:0:0/96', 'ipv4-mapped'],
  ['::/96', 'ipv4-mapped'],
  ['64:ff9b::/96', 'nat64'],
  ['64:ff9b:1::/48', 'nat64'],
  ['2001::/32', 'teredo'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2001::/23', 'reserved'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'reserved'],
  ['fc00::/7', 'private'],
  ['fec0::/10', 'private'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];
const table = ranges.map(([cidr, rule]) => ({ range: parseRange(cidr), rule }));
const globalUnicast = parseRange('2000::/3');

/**
 * Which rule makes an address special, or undefined for an ordinary public one.
 *
 * @param address IPv4 or IPv6 text as a resolver gives it; a zone suffix is ignored.
 * @example addressRule('10.1.2.3') // 'private'
 */
export function addressRule(address: string): AddressRule | undefined {
  const parsed = parseAddress(address);
  if (metadataAddresses.has(parsed.toNormalizedString())) return 'metadata';
  const found = table.find(({ range }) => inRange(parsed, range));
  if (found) return found.rule;
  // Only 2000::/3 is allocated for global unicast (RFC 4291); anything else is unknown ground.
  return parsed.kind() === 'ipv6' && !inRange(parsed, globalUnicast) ? 'not-global' : undefined;
}

/**
 * IPv4 addresses that an IPv6 address carries inside (mapped, compatible, translated, NAT64, 6to4, Teredo), in dotted text;
 * empty for any other address. Several where the form is ambiguous: each must be acceptable.
 *
 * @example embeddedIpv4('64:ff9b::7f00:1') // ['127.0.0.1']
 */
export function embeddedIpv4(address: string): readonly string[] {
  const parsed = parseAddress(address);
  if (!(parsed instanceof ipaddr.IPv6)) return [];
  const bytes = parsed.toByteArray();
  const rule = addressRule(address);
  return rule === undefined ? [] : (embedded[rule]?.(bytes) ?? []);
}

const dotted = (bytes: readonly number[], ...positions: readonly number[]) =>
  positions.map((i) => bytes[i] ?? 0).join('.');
const lastFour = (bytes: readonly number[]) => dotted(bytes, 12, 13, 14, 15);

const embedded: Readonly<Partial<Record<AddressRule, (bytes: readonly number[]) => readonly string[]>>> = {
  'ipv4-mapped': (bytes) => [lastFour(bytes)],
  // RFC 6052 section 2.2: a /48 prefix places the address around byte 8; sites also cut /96 prefixes out of it (RFC 8215).
  nat64: (bytes) => (bytes[5] === 1 ? [lastFour(bytes), dotted(bytes, 6, 7, 9, 10)] : [lastFour(bytes)]),
  '6to4': (bytes) => [dotted(bytes, 2, 3, 4, 5)],
  // RFC 4380: the server in the clear, the client with every bit flipped.
  teredo: (bytes) => [dotted(bytes, 4, 5, 6, 7), lastFour(bytes.map((byte) => byte ^ 0xff))],
};

/** Reads an address, without its zone. @throws Error when the text is not an address */
export function parseAddress(address: string): Address {
  return ipaddr.parse(address.replace(/%.*$/, ''));
}

/** Reads `10.0.0.0/8` or `fd00::/8`. @throws Error when the text is not a CIDR range */
export function parseRange(cidr: string): Range {
  return ipaddr.parseCIDR(cidr);
}

/** Is the address of the same family and inside the range? */
export function inRange(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}
