import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { deriveKey } from '../platform/secret-key.ts';

/** Whose secret it is. Part of what is authenticated, so that a row copied to another account does not open. */
export interface SecretOwner {
  accountId: string;
  credentialId: string;
}

/** Envelope encryption of provider keys: write-only, but for the one call that lends a key to dispatch. */
export interface Vault {
  seal(owner: SecretOwner, secret: string): SealedSecret;
  /** Throws `secret_undecryptable` where the key is another or the record was changed. */
  open(owner: SecretOwner, sealed: unknown): string;
  /** Tells whether two secrets are the same without telling either: a truncated HMAC-SHA-256. */
  fingerprint(secret: string): string;
}

// AES-256-GCM (NIST SP 800-38D): 96-bit random nonces. Each data key encrypts one record only, and the
// vault key only data keys, so no nonce repeats within the bounds of section 8.3.
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

const sealedSecret = z.object({
  version: z.literal(version),
  /** The record's own data key, encrypted under the vault key. */
  data_key: z.string().max(200),
  /** The secret, encrypted under the data key. */
  secret: z.string().max(20_000),
});
export type SealedSecret = z.infer<typeof sealedSecret>;

/** `root`: the installation's secret key, of which the vault derives its own. */
export function createVault(root: Buffer): Vault {
  const vaultKey = deriveKey(root, 'vault/v1');
  const fingerprintKey = deriveKey(root, 'credential-fingerprint/v1');
  return {
    seal(owner, secret) {
      const dataKey = randomBytes(32);
      const sealed = {
        version,
        data_key: encrypt(vaultKey, dataKey, additionalData(owner, 'data-key')),
        secret: encrypt(dataKey, Buffer.from(secret, 'utf8'), additionalData(owner, 'secret')),
      } as const;
      dataKey.fill(0);
      return sealed;
    },
    open(owner, sealed) {
      try {
        const record = sealedSecret.parse(sealed);
        const dataKey = decrypt(vaultKey, record.data_key, additionalData(owner, 'data-key'));
        const secret = decrypt(dataKey, record.secret, additionalData(owner, 'secret'));
        dataKey.fill(0);
        return secret.toString('utf8');
      } catch (error) {
        throw new HeadraceError('secret_undecryptable', {
          where: `${owner.accountId}/${owner.credentialId}`,
          cause: error,
        });
      }
    },
    fingerprint: (secret) =>
      createHmac('sha256', fingerprintKey).update(secret, 'utf8').digest('hex').slice(0, 16),
  };
}

function additionalData(owner: SecretOwner, part: string): Buffer {
  // As JSON, so that no two owners spell the same bytes.
  return Buffer.from(JSON.stringify([version, part, owner.accountId, owner.credentialId]), 'utf8');
}

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(key: Buffer, text: string, aad: Buffer): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
}
