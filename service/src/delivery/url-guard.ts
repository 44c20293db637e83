import { isIP, isIPv4 } from 'node:net';
import { addressRule, embeddedIpv4, type AddressRule } from './address-rules.js';
import { createAllowList, type AllowList } from './allow-list.js';

type GuardRule =
  AddressRule | 'malformed-url' | 'scheme' | 'https-required' | 'credentials' | 'disguised-address';

/** Which rule refused a destination, what was seen, and what to do. Never holds the whole URL: paths and queries carry secrets. */
export interface Refusal {
  readonly rule: GuardRule;
  readonly detail: string;
  readonly remedy: string;
}

type UrlCheck = { readonly kind: 'allowed'; readonly url: URL } | ({ readonly kind: 'refused' } & Refusal);

/** The one judge of every URL that anyone can give. */
export interface UrlGuard {
  /** What the text alone shows: scheme, credentials, disguises, address literals. Names are judged by `checkAddress` at connect time. */
  checkUrl(text: string): UrlCheck;
  /** Judges an address that `host` resolved to, immediately before connecting to it; undefined means allowed. */
  checkAddress(target: {
    readonly host: string;
    readonly port: number;
    readonly address: string;
  }): Refusal | undefined;
}

/**
 * A guard that lets through https to public addresses, and beyond that only what the operator listed.
 *
 * A listed host name may use plain http and may resolve to any address; a listed range opens its addresses to every name, and
 * plain http to address literals inside it. Cloud metadata addresses open only to an entry that is that very address.
 *
 * @param options `allow` as in {@link createAllowList}; `setting` names it in errors and remedies.
 * @throws Error when an entry of `allow` cannot be read
 * @example createUrlGuard({ allow: ['127.0.0.1:9000'] }).checkUrl('http://127.0.0.1:9000/hook').kind // 'allowed'
 */
export function createUrlGuard(options: {
  readonly allow: readonly string[];
  readonly setting?: string;
}): UrlGuard {
  const setting = options.setting ?? 'outbound.allow';
  const allow = createAllowList(options.allow, setting);
  const checkAddress: UrlGuard['checkAddress'] = ({ host, port, address }) =>
    judgeAddress(allow, setting, { host, port, address });
  return { checkAddress, checkUrl: (text) => judgeUrl(text, allow, setting) };
}

/** Host of a URL as a resolver wants it: without the brackets of an IPv6 literal. */
const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** Port of a URL, with the scheme's default. */
const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);

function judgeUrl(text: string, allow: AllowList, setting: string): UrlCheck {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(text)?.[1];
  // Tabs, newlines and backslashes are silently dropped or turned into slashes by URL parsers; no honest URL has them.
  if (authority === undefined || /[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text)) {
    return refused('malformed-url', 'it is not an absolute URL', 'write it as https://host/path');
  }
  const url = new URL(text);
  const refusal = judgeForm(url, authority, allow, setting);
  if (refusal) return { kind: 'refused', ...refusal };
  const host = bareHost(url);
  const literal =
    isIP(host) === 0 ? undefined : judgeAddress(allow, setting, { host, port: portOf(url), address: host });
  return literal ? { kind: 'refused', ...literal } : { kind: 'allowed', url };
}

function judgeForm(url: URL, authority: string, allow: AllowList, setting: string): Refusal | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { rule: 'scheme', detail: `the scheme is ${url.protocol.slice(0, -1)}`, remedy: 'use https' };
  }
  if (url.username !== '' || url.password !== '' || authority.includes('@')) {
    return {
      rule: 'credentials',
      detail: 'it carries a user name or password',
      remedy: 'take them out; messages are signed instead',
    };
  }
  const writtenHost = authority.replace(/:\d*$/, '');
  if (isIPv4(url.hostname) && writtenHost !== url.hostname) {
    return {
      rule: 'disguised-address',
      detail: `its host is another spelling of ${url.hostname}`,
      remedy: `write ${url.hostname} or a host name`,
    };
  }
  if (url.protocol === 'http:' && !allow.hasHost(bareHost(url), portOf(url))) {
    return {
      rule: 'https-required',
      detail: `${url.host} is asked for over plain http`,
      remedy: `use https, or add "${url.host}" to ${setting} if it is meant`,
    };
  }
  return undefined;
}

function judgeAddress(
  allow: AllowList,
  setting: string,
  target: { readonly host: string; readonly port: number; readonly address: string },
): Refusal | undefined {
  const { host, port, address } = target;
  const rule = addressRule(address);
  if (rule === undefined || allow.hasExactAddress(address, port)) return undefined;
  const covered = (isIP(host) === 0 && allow.hasHost(host, port)) || allow.hasAddress(address, port);
  if (rule === 'metadata' || !covered) return addressRefusal(rule, target, setting);
  // A gateway would carry the packet on to the address inside, so that one must be acceptable too.
  for (const inner of embeddedIpv4(address)) {
    const refusal = judgeAddress(allow, setting, { ...target, address: inner });
    if (refusal) return refusal;
  }
  return undefined;
}

function addressRefusal(
  rule: AddressRule,
  target: { readonly host: string; readonly port: number; readonly address: string },
  setting: string,
): Refusal {
  const { host, port, address } = target;
  const seen = host === address ? address : `${host} resolves to ${address}, which`;
  const entry = rule === 'metadata' || isIP(host) !== 0 ? address : `${host}:${port}`;
  return {
    rule,
    detail: `${seen} is ${explanation[rule]}`,
    remedy: `use a public address, or add "${entry}" to ${setting} in the server's configuration if this destination is meant`,
  };
}

const refused = (rule: GuardRule, detail: string, remedy: string): UrlCheck => ({
  kind: 'refused',
  rule,
  detail,
  remedy,
});

const explanation: Readonly<Record<AddressRule, string>> = {
  unspecified: 'the unspecified address, which means this machine',
  loopback: 'a loopback address',
  private: 'a private address',
  'link-local': 'a link-local address',
  cgnat: 'in the shared carrier-grade NAT range',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  documentation: 'reserved for documentation',
  benchmarking: 'reserved for benchmarking',
  reserved: 'reserved',
  'ipv4-mapped': 'an IPv4 address wrapped in IPv6',
  nat64: 'an IPv4 address behind NAT64',
  '6to4': 'an IPv4 address behind 6to4',
  teredo: 'an IPv4 address behind Teredo',
  'not-global': 'outside the public IPv6 range',
  metadata: 'a cloud metadata service, which hands out credentials',
};
