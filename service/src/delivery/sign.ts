import { createHmac, timingSafeEqual } from 'node:crypto';

const secretPrefix = 'whsec_';
const minSecretBytes = 24;
const maxSecretBytes = 64;
/** Ids join timestamp and body with full stops, and travel in a header: visible ASCII without a full stop. */
const idPattern = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;

/** A signing secret that cannot be used; the message says what is wrong and how to make a good one. Never holds the secret. */
export class BadSecretError extends Error {
  override readonly name = 'BadSecretError';
}

export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch of this attempt, a whole number. */
  readonly timestampSeconds: number;
  readonly body: string;
}

/** A type and not an interface, so that it passes as a plain record of headers. */
export type SignatureHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

export type Verification =
  | { readonly kind: 'valid' }
  | {
      readonly kind: 'invalid';
      readonly reason: 'missing-header' | 'bad-timestamp' | 'too-old' | 'too-new' | 'no-matching-signature';
    };

/**
 * Reads a `whsec_…` secret into its key (Standard Webhooks 1.0: base64 of 24–64 random bytes).
 *
 * @param field Where the secret stands in the configuration, for the error.
 * @throws BadSecretError when the prefix, the base64 or the length is wrong
 * @example parseSecret('whsec_' + randomBytes(32).toString('base64'), 'webhooks[0].secret')
 */
export function parseSecret(secret: string, field: string): Buffer {
  const remedy = 'make one with: echo "whsec_$(openssl rand -base64 32)"';
  if (!secret.startsWith(secretPrefix))
    throw new BadSecretError(`${field} must begin with "whsec_"; ${remedy}`);
  const encoded = secret.slice(secretPrefix.length);
  const key = Buffer.from(encoded, 'base64');
  // Node skips what is not base64; only text that survives the round trip means the same key to every receiver's library.
  if (key.toString('base64') !== encoded) {
    throw new BadSecretError(`${field} must be padded standard base64 after "whsec_"; ${remedy}`);
  }
  if (key.length < minSecretBytes || key.length > maxSecretBytes) {
    throw new BadSecretError(
      `${field} holds ${key.length} bytes; it must hold ${minSecretBytes} to ${maxSecretBytes}; ${remedy}`,
    );
  }
  return key;
}

/**
 * Headers that sign a message as Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, one signature a secret.
 *
 * @param secrets Newest first; while a secret is being replaced, both sign, so that receivers may hold either.
 * @throws BadSecretError for an unusable secret, RangeError for an id or timestamp that cannot be signed unambiguously
 * @example signMessage({ id: 'msg_1', timestampSeconds: 1_700_000_000, body: '{}' }, [secret])
 */
export function signMessage(message: SignedMessage, secrets: readonly string[]): SignatureHeaders {
  if (!idPattern.test(message.id))
    throw new RangeError('a webhook id is 1 to 256 visible ASCII characters without a full stop');
  if (!Number.isSafeInteger(message.timestampSeconds))
    throw new RangeError('timestampSeconds must be whole seconds');
  if (secrets.length === 0) throw new BadSecretError('at least one signing secret is needed');
  const signatures = secrets.map(
    (secret) => `v1,${signatureOf(message, parseSecret(secret, 'secret')).toString('base64')}`,
  );
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}

/**
 * Checks a received message: some signature matches some secret, in constant time, and the timestamp is near `nowSeconds`.
 *
 * @param headers Lower-case names, as Node gives them.
 * @param options `toleranceSeconds` defaults to the standard's libraries' 300 s.
 * @throws BadSecretError for an unusable secret of one's own
 */
export function verifyMessage(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
  secrets: readonly string[],
  options: { readonly nowSeconds: number; readonly toleranceSeconds?: number },
): Verification {
  const [id, timestamp, given] = [
    headers['webhook-id'],
    headers['webhook-timestamp'],
    headers['webhook-signature'],
  ];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string') {
    return { kind: 'invalid', reason: 'missing-header' };
  }
  if (!/^\d{1,12}$/.test(timestamp)) return { kind: 'invalid', reason: 'bad-timestamp' };
  const timestampSeconds = Number(timestamp);
  const tolerance = options.toleranceSeconds ?? 300;
  if (timestampSeconds < options.nowSeconds - tolerance) return { kind: 'invalid', reason: 'too-old' };
  if (timestampSeconds > options.nowSeconds + tolerance) return { kind: 'invalid', reason: 'too-new' };
  const received = given
    .split(' ')
    .flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  const expected = secrets.map((secret) =>
    signatureOf({ id, timestampSeconds, body }, parseSecret(secret, 'secret'), timestamp),
  );
  const matches = expected.some((mine) =>
    received.some((theirs) => theirs.length === mine.length && timingSafeEqual(theirs, mine)),
  );
  return matches ? { kind: 'valid' } : { kind: 'invalid', reason: 'no-matching-signature' };
}

/** `timestampText` keeps leading zeros of a received header, which are part of what was signed. */
function signatureOf(
  message: SignedMessage,
  key: Buffer,
  timestampText = String(message.timestampSeconds),
): Buffer {
  return createHmac('sha256', key).update(`${message.id}.${timestampText}.${message.body}`).digest();
}
