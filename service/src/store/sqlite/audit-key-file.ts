import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { StoreError } from '../port.js';

/**
 * The signing key beside the database (`<file>.audit-key.pem`, mode 0600), made at first use, with its public half in
 * `<file>.audit-key.pub.pem` to be kept elsewhere for verification.
 * @throws StoreError `unavailable` when the key file cannot be read or is not a private key
 */
export function keyBeside(file: string): KeyObject {
  const path = `${file}.audit-key.pem`;
  try {
    return existsSync(path) ? createPrivateKey(readFileSync(path)) : makeKey(file, path);
  } catch (error) {
    throw new StoreError(
      'unavailable',
      `${path} cannot be used as the audit signing key: restore it, or move it away to have a new one made`,
      false,
      { cause: error },
    );
  }
}

function makeKey(file: string, path: string): KeyObject {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(path, pem, { mode: 0o600, flag: 'wx', flush: true });
  writeFileSync(`${file}.audit-key.pub.pem`, publicKey.export({ type: 'spki', format: 'pem' }), {
    mode: 0o644,
  });
  return privateKey;
}
