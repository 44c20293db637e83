import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** HMAC of the bytes as they came, in hex. */
export function hmacHex(algorithm: 'sha256' | 'sha512', secret: string, body: Buffer): string {
  return createHmac(algorithm, secret).update(body).digest('hex');
}
