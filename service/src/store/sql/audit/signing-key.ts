import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** The Ed25519 key that signs audit checkpoints. */
export interface AuditKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** @throws TypeError when the key is not an Ed25519 private key */
export function auditKey(privateKey: KeyObject): AuditKey {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new TypeError(
      'the audit signing key must be an Ed25519 private key (openssl genpkey -algorithm ed25519)',
    );
  }
  const publicKey = createPublicKey(privateKey);
  return { keyId: keyIdOf(publicKey), privateKey, publicKey };
}

/** First 16 hex digits of the SHA-256 of a public key (SPKI, DER). */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}
