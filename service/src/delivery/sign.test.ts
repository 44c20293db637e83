import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { BadSecretError, parseSecret, signMessage, verifyMessage } from './sign.js';

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
const secret = secretOf(Buffer.alloc(32, 7));
const other = secretOf(Buffer.alloc(24, 9));
const anySecret = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf);
const anyId = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const nowSeconds = 1_700_000_000;
const verify = (
  headers: Readonly<Record<string, string>>,
  body: string,
  secrets: readonly string[],
  now = nowSeconds,
) => verifyMessage(headers, body, secrets, { nowSeconds: now });

describe('signMessage', () => {
  it('gives the worked example of the published reference library', () => {
    // Example of the Standard Webhooks specification.
    const headers = signMessage(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1614265330, body: '{"test": 2432232314}' },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is accepted by the standardwebhooks library, for every secret of a rotation', () => {
    const now = Math.floor(Date.now() / 1_000);
    fc.assert(
      fc.property(anyId, fc.string({ unit: 'binary' }), anySecret, anySecret, (id, body, a, b) => {
        const headers = signMessage({ id, timestampSeconds: now, body }, [a, b]);
        for (const one of [a, b]) new Webhook(one).verify(body, headers, { jsonParse: false });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('cannot be signed ambiguously', () => {
    expect(() => signMessage({ id: 'a.b', timestampSeconds: 1, body: '' }, [secret])).toThrow(RangeError);
    expect(() => signMessage({ id: 'a\r\nx: y', timestampSeconds: 1, body: '' }, [secret])).toThrow(
      RangeError,
    );
    expect(() => signMessage({ id: 'a', timestampSeconds: 1.5, body: '' }, [secret])).toThrow(RangeError);
    expect(() => signMessage({ id: 'a', timestampSeconds: 1, body: '' }, [])).toThrow(BadSecretError);
  });
});

describe('verifyMessage', () => {
  it('accepts what the standardwebhooks library signs', () => {
    fc.assert(
      fc.property(anyId, fc.string({ unit: 'binary' }), anySecret, (id, body, one) => {
        const signature = new Webhook(one).sign(id, new Date(nowSeconds * 1_000), body);
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(nowSeconds),
          'webhook-signature': signature,
        };
        expect(verify(headers, body, [other, one])).toEqual({ kind: 'valid' });
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('accepts its own signatures and refuses any change of body, id or timestamp', () => {
    fc.assert(
      fc.property(anyId, fc.string(), fc.string(), (id, body, changed) => {
        const headers = signMessage({ id, timestampSeconds: nowSeconds, body }, [secret]);
        expect(verify(headers, body, [secret])).toEqual({ kind: 'valid' });
        if (changed !== body) expect(verify(headers, changed, [secret]).kind).toBe('invalid');
        expect(verify({ ...headers, 'webhook-id': `${id}x` }, body, [secret]).kind).toBe('invalid');
        expect(verify({ ...headers, 'webhook-timestamp': String(nowSeconds + 1) }, body, [secret]).kind).toBe(
          'invalid',
        );
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  const good = signMessage({ id: 'm1', timestampSeconds: nowSeconds, body: '{}' }, [secret]);
  it.each([
    ['another secret', { ...good }, [other], nowSeconds, 'no-matching-signature'],
    ['no secret at all', { ...good }, [], nowSeconds, 'no-matching-signature'],
    ['a replay after 301 s', { ...good }, [secret], nowSeconds + 301, 'too-old'],
    ['a timestamp 301 s ahead', { ...good }, [secret], nowSeconds - 301, 'too-new'],
    [
      'a missing header',
      { 'webhook-id': 'm1', 'webhook-timestamp': '1' },
      [secret],
      nowSeconds,
      'missing-header',
    ],
    ['a timestamp in words', { ...good, 'webhook-timestamp': 'now' }, [secret], nowSeconds, 'bad-timestamp'],
    [
      'an unknown scheme',
      { ...good, 'webhook-signature': 'v2,abc' },
      [secret],
      nowSeconds,
      'no-matching-signature',
    ],
    [
      'a shortened signature',
      { ...good, 'webhook-signature': good['webhook-signature'].slice(0, 20) },
      [secret],
      nowSeconds,
      'no-matching-signature',
    ],
  ] as const)('refuses %s', (_what, headers, secrets, now, reason) => {
    expect(verify(headers, '{}', secrets, now)).toEqual({ kind: 'invalid', reason });
  });

  it('accepts the edge of the tolerance', () => {
    expect(verify(good, '{}', [secret], nowSeconds + 300).kind).toBe('valid');
    expect(verify(good, '{}', [secret], nowSeconds - 300).kind).toBe('valid');
  });
});

describe('parseSecret', () => {
  it.each([
    [
      'no prefix',
      Buffer.alloc(32).toString('base64'),
      /webhooks\[0\]\.secret must begin with "whsec_".*openssl rand/,
    ],
    ['base64url', 'whsec_' + Buffer.alloc(33, 255).toString('base64url'), /standard base64/],
    ['text that is not base64', 'whsec_not a secret at all, really not one', /standard base64/],
    ['missing padding', secret.replace(/=+$/, ''), /padded/],
    ['23 bytes', secretOf(Buffer.alloc(23)), /holds 23 bytes; it must hold 24 to 64/],
    ['65 bytes', secretOf(Buffer.alloc(65)), /holds 65 bytes/],
    ['nothing', 'whsec_', /holds 0 bytes/],
  ])('refuses %s and says what to do, without showing it', (_what, text, message) => {
    expect(() => parseSecret(text, 'webhooks[0].secret')).toThrow(message);
    expect(() => parseSecret(text, 'webhooks[0].secret')).not.toThrow(text.slice(6) || 'never');
  });

  it.each([24, 64])('takes %i bytes', (bytes) => {
    expect(parseSecret(secretOf(Buffer.alloc(bytes, 1)), 'x')).toHaveLength(bytes);
  });
});
