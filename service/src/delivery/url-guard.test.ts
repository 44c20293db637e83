import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { addressRule, embeddedIpv4 } from './address-rules.js';
import { createUrlGuard } from './url-guard.js';

const strict = createUrlGuard({ allow: [] });
const ruleOf = (url: string, allow: readonly string[] = []) => {
  const check = createUrlGuard({ allow }).checkUrl(url);
  return check.kind === 'allowed' ? 'allowed' : check.rule;
};

describe('a URL by its text', () => {
  it.each([
    ['https://example.com/hook?x=1', 'allowed'],
    ['https://example.com:8443/', 'allowed'],
    ['https://93.184.216.34/', 'allowed'],
    ['https://[2606:2800:220:1:248:1893:25c8:1946]/', 'allowed'],
    ['http://example.com/', 'https-required'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'malformed-url'],
    ['javascript:alert(1)', 'malformed-url'],
    ['gopher://example.com:70/x', 'scheme'],
    ['data:text/plain,x', 'malformed-url'],
    ['/hook', 'malformed-url'],
    ['', 'malformed-url'],
    ['https:example.com', 'malformed-url'],
    ['https:/example.com', 'malformed-url'],
    ['https:\\\\127.0.0.1\\x', 'malformed-url'],
    ['https://exam\tple.com/', 'malformed-url'],
    ['https://example.com/\r\nhost: x', 'malformed-url'],
    [' https://example.com/', 'malformed-url'],
    ['https://user:pass@example.com/', 'credentials'],
    ['https://example.com@127.0.0.1/', 'credentials'],
    ['https://@example.com/', 'credentials'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://127.1/', 'disguised-address'],
    ['https://127.0.0.1./', 'disguised-address'],
    ['https://2130706433/', 'disguised-address'],
    ['https://0x7f000001/', 'disguised-address'],
    ['https://0x7f.0.0.1/', 'disguised-address'],
    ['https://0177.0.0.1/', 'disguised-address'],
    ['https://１２７.0.0.1/', 'disguised-address'],
    ['https://127%2e0.0.1/', 'disguised-address'],
    ['https://1.1/', 'disguised-address'],
    ['https://999.1.1.1/', 'malformed-url'],
    ['https://10.0.0.1/', 'private'],
    ['https://172.31.255.255/', 'private'],
    ['https://172.32.0.1/', 'allowed'],
    ['https://192.168.1.1/', 'private'],
    ['https://169.254.1.1/', 'link-local'],
    ['https://169.254.169.254/latest/meta-data/', 'metadata'],
    ['https://169.254.170.2/v2/credentials', 'metadata'],
    ['https://168.63.129.16/', 'metadata'],
    ['https://100.100.100.200/', 'metadata'],
    ['https://100.64.0.1/', 'cgnat'],
    ['https://0.0.0.0/', 'unspecified'],
    ['https://224.0.0.1/', 'multicast'],
    ['https://255.255.255.255/', 'broadcast'],
    ['https://192.0.2.1/', 'documentation'],
    ['https://198.51.100.9/', 'documentation'],
    ['https://203.0.113.77/', 'documentation'],
    ['https://198.19.0.1/', 'benchmarking'],
    ['https://240.0.0.1/', 'reserved'],
    ['https://[::1]/', 'loopback'],
    ['https://[::]/', 'unspecified'],
    ['https://[::ffff:127.0.0.1]/', 'ipv4-mapped'],
    ['https://[::ffff:7f00:1]/', 'ipv4-mapped'],
    ['https://[::127.0.0.1]/', 'ipv4-mapped'],
    ['https://[::ffff:0:10.0.0.1]/', 'ipv4-mapped'],
    ['https://[64:ff9b::10.0.0.1]/', 'nat64'],
    ['https://[64:ff9b:1::a00:1]/', 'nat64'],
    ['https://[2002:7f00:1::]/', '6to4'],
    ['https://[2001:0:7f00:1::]/', 'teredo'],
    ['https://[fd12::1]/', 'private'],
    ['https://[fd00:ec2::254]/', 'metadata'],
    ['https://[fe80::1]/', 'link-local'],
    ['https://[fec0::1]/', 'private'],
    ['https://[ff02::1]/', 'multicast'],
    ['https://[2001:db8::1]/', 'documentation'],
    ['https://[4000::1]/', 'not-global'],
    ['https://[fe80::1%25eth0]/', 'malformed-url'],
  ])('%s → %s', (url, expected) => {
    expect(ruleOf(url)).toBe(expected);
  });

  it('says which rule and what to do, and does not repeat path or query', () => {
    const check = createUrlGuard({ allow: [], setting: 'outbound.allow' }).checkUrl(
      'http://hooks.corp:8080/T0/secret?token=abc',
    );
    expect(check).toMatchObject({
      rule: 'https-required',
      remedy: 'use https, or add "hooks.corp:8080" to outbound.allow if it is meant',
    });
    expect(JSON.stringify(check)).not.toMatch(/secret|token|abc/);
  });
});

describe('an address by resolution', () => {
  it('judges the address and names the host', () => {
    expect(strict.checkAddress({ host: 'evil.example', port: 443, address: '10.0.0.7' })).toEqual({
      rule: 'private',
      detail: 'evil.example resolves to 10.0.0.7, which is a private address',
      remedy: `use a public address, or add "evil.example:443" to outbound.allow in the server's configuration if this destination is meant`,
    });
    expect(strict.checkAddress({ host: 'ok.example', port: 443, address: '93.184.216.34' })).toBeUndefined();
  });

  it('never allows IPv4 that ipaddr.js does not call unicast', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (octets) => {
        const text = octets.join('.');
        if (ipaddr.parse(text).range() !== 'unicast') expect(addressRule(text)).toBeDefined();
      }),
      { seed: 6, numRuns: 5_000 },
    );
  });

  it('never allows IPv6 outside global unicast, or that ipaddr.js does not call unicast', () => {
    const heads = fc.constantFrom(
      0,
      0x64,
      0x100,
      0x2001,
      0x2002,
      0x2606,
      0x2620,
      0x3fff,
      0x5f00,
      0xfc00,
      0xfe80,
      0xfec0,
      0xff02,
    );
    const parts = fc.array(fc.oneof(heads, fc.constant(0), fc.nat(0xffff)), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.oneof(heads, fc.nat(0xffff)), parts, (head, rest) => {
        const text = [head, ...rest].map((part) => part.toString(16)).join(':');
        const special = ipaddr.parse(text).range() !== 'unicast' || head < 0x2000 || head > 0x3fff;
        if (special) expect(addressRule(text)).toBeDefined();
      }),
      { seed: 7, numRuns: 5_000 },
    );
  });

  it('finds the IPv4 address inside every embedding', () => {
    const hex = (a: number, b: number) => ((a << 8) | b).toString(16);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), ([a = 0, b = 0, c = 0, d = 0]) => {
        const [text, high, low] = [`${a}.${b}.${c}.${d}`, hex(a, b), hex(c, d)];
        const flipped = `${hex(a ^ 255, b ^ 255)}:${hex(c ^ 255, d ^ 255)}`;
        for (const form of [
          `::ffff:${high}:${low}`,
          `::ffff:0:${high}:${low}`,
          `64:ff9b::${high}:${low}`,
          `2002:${high}:${low}::`,
        ]) {
          expect(embeddedIpv4(form)).toContain(text);
        }
        for (const form of [
          `64:ff9b:1::${high}:${low}`,
          `64:ff9b:1:${high}:${c.toString(16)}:${(d << 8).toString(16)}::`,
        ])
          expect(embeddedIpv4(form)).toContain(text);
        expect(embeddedIpv4(`2001:0:102:304::${flipped}`)).toEqual(['1.2.3.4', text]);
      }),
      { seed: 8 },
    );
  });
});

describe('the allow-list', () => {
  const resolves = (allow: readonly string[], host: string, address: string, port = 443) =>
    createUrlGuard({ allow }).checkAddress({ host, port, address })?.rule ?? 'allowed';

  it.each([
    [['127.0.0.1'], 'http://127.0.0.1:9999/', 'allowed'],
    [['127.0.0.0/8'], 'http://127.9.9.9/', 'allowed'],
    [['127.0.0.1:9000'], 'http://127.0.0.1:9000/', 'allowed'],
    [['127.0.0.1:9000'], 'http://127.0.0.1:9001/', 'https-required'],
    [['127.0.0.1:9000'], 'https://127.0.0.1:9001/', 'loopback'],
    [['[::1]:9000'], 'http://[::1]:9000/', 'allowed'],
    [['::1'], 'http://[::1]/', 'allowed'],
    [['Hooks.Corp'], 'http://hooks.corp/', 'allowed'],
    [['hooks.corp:80'], 'http://hooks.corp/', 'allowed'],
    [['hooks.corp'], 'http://hooks.corp./', 'allowed'],
    [['hooks.corp'], 'http://evil.hooks.corp/', 'https-required'],
    [['10.0.0.0/8'], 'https://10.1.1.1/', 'allowed'],
    [['10.0.0.0/8'], 'http://hooks.corp/', 'https-required'],
    [['10.0.0.0/8'], 'https://0x0a000001/', 'disguised-address'],
    [['10.0.0.0/8'], 'https://[::ffff:10.0.0.1]/', 'ipv4-mapped'],
    [['10.0.0.1'], 'https://u:p@10.0.0.1/', 'credentials'],
    [['169.254.0.0/16'], 'https://169.254.169.254/', 'metadata'],
    [['0.0.0.0/0', '::/0'], 'https://[::ffff:169.254.169.254]/', 'metadata'],
    [['0.0.0.0/0', '::/0'], 'https://168.63.129.16/', 'metadata'],
    [['169.254.169.254'], 'http://169.254.169.254/', 'allowed'],
    [['169.254.169.254/32'], 'http://169.254.169.254/', 'allowed'],
    [['64:ff9b::/96'], 'https://[64:ff9b::5db8:d822]/', 'allowed'],
    [['64:ff9b::/96'], 'https://[64:ff9b::a00:1]/', 'private'],
    [['64:ff9b::/96', '10.0.0.0/8'], 'https://[64:ff9b::a00:1]/', 'allowed'],
    [['64:ff9b::/96'], 'https://[64:ff9b::a9fe:a9fe]/', 'metadata'],
  ])('%j: %s → %s', (allow, url, expected) => {
    expect(ruleOf(url, allow)).toBe(expected);
  });

  it('opens a listed name to what it resolves to, except to metadata', () => {
    expect(resolves(['hooks.corp'], 'hooks.corp', '10.0.0.1')).toBe('allowed');
    expect(resolves(['hooks.corp:8443'], 'hooks.corp', '10.0.0.1')).toBe('private');
    expect(resolves(['hooks.corp'], 'other.corp', '10.0.0.1')).toBe('private');
    expect(resolves(['hooks.corp'], 'hooks.corp', '169.254.169.254')).toBe('metadata');
    expect(resolves(['hooks.corp'], 'hooks.corp', '64:ff9b::a9fe:a9fe')).toBe('metadata');
    expect(resolves(['10.0.0.0/8'], 'any.example', '10.0.0.1')).toBe('allowed');
  });

  it.each([
    '',
    'https://hooks.corp',
    'hooks.corp/path',
    '10.0.0.0/33',
    '10.0.0/8',
    'fd00::/129',
    'host:0',
    'host:65536',
    '*.corp',
    'a b',
    '[::1',
    '127.1',
    'host:80:90',
    '/8',
  ])('names an entry that cannot be read: %j', (entry) => {
    expect(() => createUrlGuard({ allow: ['10.0.0.0/8', entry], setting: 'outbound.allow' })).toThrow(
      /^outbound\.allow\[1\] ".*" cannot be read: write/,
    );
  });

  it('opens nothing that it does not list', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (octets) => {
        const address = octets.join('.');
        const listed = address.startsWith('10.20.');
        expect(resolves(['10.20.0.0/16'], 'x.example', address) === 'allowed').toBe(
          listed || addressRule(address) === undefined,
        );
      }),
      { seed: 9, numRuns: 2_000 },
    );
  });
});
