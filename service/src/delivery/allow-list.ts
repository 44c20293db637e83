import { isIP, isIPv4 } from 'node:net';
import { inRange, parseAddress, parseRange } from './address-rules.js';

/** What an entry of the allow-list says, read once. */
type Entry =
  | {
      readonly kind: 'range';
      readonly range: ReturnType<typeof parseRange>;
      readonly exact: boolean;
      readonly port?: number;
    }
  | { readonly kind: 'name'; readonly name: string; readonly port?: number };

/** Destinations that the operator means although the guard would refuse them. */
export interface AllowList {
  /** Is this host, by name or as an address literal, listed (for this port)? */
  hasHost(host: string, port: number): boolean;
  /** Is this address inside a listed range (for this port)? */
  hasAddress(address: string, port: number): boolean;
  /** Is this very address listed, and not just a range around it? */
  hasExactAddress(address: string, port: number): boolean;
}

/**
 * Reads an allow-list: CIDR ranges (`10.0.0.0/8`), addresses, host names, and `host:port` or `[v6]:port`.
 *
 * @param setting Name of the setting, for errors.
 * @throws Error naming the entry that cannot be read
 * @example createAllowList(['127.0.0.1:9000', 'hooks.corp', 'fd00::/8'], 'outbound.allow').hasHost('hooks.corp', 443) // true
 */
export function createAllowList(entries: readonly string[], setting: string): AllowList {
  const parsed = entries.map((text, index) => parseEntry(text.trim().toLowerCase(), `${setting}[${index}]`));
  const covers = (address: string, port: number, exactOnly: boolean) => {
    const target = parseAddress(address);
    return parsed.some(
      (entry) =>
        entry.kind === 'range' &&
        portFits(entry, port) &&
        (entry.exact || !exactOnly) &&
        inRange(target, entry.range),
    );
  };
  return {
    hasHost: (host, port) =>
      isIP(host) !== 0
        ? covers(host, port, false)
        : parsed.some(
            (entry) => entry.kind === 'name' && entry.name === withoutDot(host) && portFits(entry, port),
          ),
    hasAddress: (address, port) => covers(address, port, false),
    hasExactAddress: (address, port) => covers(address, port, true),
  };
}

const portFits = (entry: Entry, port: number) => entry.port === undefined || entry.port === port;
const withoutDot = (host: string) => host.toLowerCase().replace(/\.$/, '');

function parseEntry(text: string, field: string): Entry {
  if (text.includes('/')) return parseRangeEntry(text, field);
  const { host, port } = splitPort(text, field);
  const family = isIP(host);
  if (family !== 0)
    return { kind: 'range', range: [parseAddress(host), family === 4 ? 32 : 128], exact: true, ...port };
  if (
    !/^(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/.test(
      host,
    ) ||
    /^[\d.]+$/.test(host)
  ) {
    throw unreadable(field, text);
  }
  return { kind: 'name', name: withoutDot(host), ...port };
}

function parseRangeEntry(text: string, field: string): Entry {
  const [base = '', bits = ''] = text.split('/');
  if (isIP(base) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (isIPv4(base) ? 32 : 128))
    throw unreadable(field, text);
  const exact = Number(bits) === (isIPv4(base) ? 32 : 128);
  return { kind: 'range', range: parseRange(text), exact };
}

/** An address of version 6 with a port needs brackets; without them every colon belongs to the address. */
function splitPort(
  text: string,
  field: string,
): { readonly host: string; readonly port: { readonly port?: number } } {
  if (isIP(text) !== 0) return { host: text, port: {} };
  const found = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined) throw unreadable(field, text);
  if (found?.[3] === undefined) return { host, port: {} };
  const port = Number(found[3]);
  if (port < 1 || port > 65_535) throw unreadable(field, text);
  return { host, port: { port } };
}

function unreadable(field: string, text: string): Error {
  return new Error(
    `${field} "${text}" cannot be read: write a CIDR range ("10.0.0.0/8"), an address, a host name without scheme or path, or host:port ("hooks.corp:8443", "[fd00::1]:8443")`,
  );
}
