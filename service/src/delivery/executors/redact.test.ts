import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.js';

describe('redact', () => {
  it.each([
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[redacted]'],
    ['Authorization: Bearer abcdefgh.ijkl', 'Authorization: Bearer [redacted]'],
    ['curl https://bob:hunter2@example.com/x', 'curl https://[redacted]@example.com/x'],
    ['DB_PASSWORD=hunter2 ok', 'DB_PASSWORD=[redacted] ok'],
    ['{"apiKey": "k1", "n": 1}', '{"apiKey": "[redacted]", "n": 1}'],
    ['AWS_SECRET_ACCESS_KEY=abc/def', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['AKIAABCDEFGHIJKLMNOP', '[redacted]'],
    ['ghp_abcdefghijklmnop', '[redacted]'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', '[redacted]'],
    ['a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b', 'a [redacted] b'],
    ['-----BEGIN PRIVATE KEY-----\nMII', '[redacted]'],
    ['rolled back checkout to 1.9.0 in 3 s', 'rolled back checkout to 1.9.0 in 3 s'],
    ['see https://example.com/a@b', 'see https://example.com/a@b'],
  ])('%j → %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('hides a secret wherever it stands, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z0-9]{12}$/), fc.string(), (before, secret, after) => {
        const once = redact(`${before}\npassword=${secret}\n${after}`);
        expect(once).not.toContain(`password=${secret}`);
        expect(redact(once)).toBe(once);
      }),
      { seed: 11 },
    );
  });

  it('takes no longer than it should for hostile text', () => {
    const startedAtMs = performance.now();
    for (const piece of ['token', '://a', 'bearer ', '-----BEGIN ', 'eyJaaaaaaaa.'])
      redact(piece.repeat(4_000));
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });
});
