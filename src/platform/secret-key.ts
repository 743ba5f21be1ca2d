import { hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadraceError } from './errors/headrace-error.ts';
import { placeFile } from './place-file.ts';

export interface SecretKeyInput {
  /** What HEADRACE_SECRET_KEY or HEADRACE_SECRET_KEY_FILE gave: 32 bytes, or `null`. */
  configured: Buffer | null;
  dataDir: string;
  /** Whether other machines use this store too; they could not read a key kept in our data directory. */
  distributed: boolean;
}

const keyBytes = 32;

/**
 * The root of every secret of an installation: the configured one, else the data directory's own, which is
 * made at the first start. Throws `secret_key_required`, or `config_invalid` for a damaged file.
 */
export async function loadSecretKey(input: SecretKeyInput): Promise<Buffer> {
  if (input.configured !== null) return input.configured;
  if (input.distributed) throw new HeadraceError('secret_key_required');
  const path = join(input.dataDir, 'secret.key');
  // Of processes that start at once one places its key, and all read that one.
  await placeFile(path, `${randomBytes(keyBytes).toString('base64')}\n`);
  return decode(await readFile(path, 'utf8'), path);
}

/**
 * A key for one purpose (HKDF-SHA-256, RFC 5869): what leaks of one purpose tells nothing about another.
 * A label must never change: what it protected would be lost.
 */
export function deriveKey(root: Buffer, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `headrace/${label}`, keyBytes));
}

function decode(text: string, path: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes && key.toString('base64') === text.trim()) return key;
  throw new HeadraceError('config_invalid', {
    message: `The secret key file does not hold ${keyBytes} bytes in base64.`,
    where: path,
    fix: 'Restore it from your backup: without it no stored secret can be read.',
  });
}
