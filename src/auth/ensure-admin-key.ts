import { readFile, rm } from 'node:fs/promises';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { createId } from '../platform/ids.ts';
import { placeFile } from '../platform/place-file.ts';
import type { Tx } from '../platform/store/store.ts';
import type { AdminKey, AdminKeyInput } from './auth.ts';
import { type AuthContext, defaultTenant } from './auth-context.ts';
import { displayPrefix, hashKey, isMistyped, makeKey } from './key-format.ts';
import { verifyKey } from './verify-key.ts';

const shortestGivenKey = 16;
/** The one row of the key that the environment gives: another value replaces it. */
const environmentKeyId = 'key_environment';

/**
 * Sees to it that an administrator can come in: by the environment's key, else by the one in the file, which
 * is made where the store knows no administrator. Where the store knows one whose key is not on this
 * machine, the key given back is good in this process only.
 */
export async function ensureAdminKey(
  context: AuthContext,
  { fromEnv, writeTo }: AdminKeyInput,
): Promise<AdminKey> {
  if (fromEnv !== null) {
    await acceptGivenKey(context, fromEnv);
    return { key: fromEnv, path: null, created: false };
  }
  const kept = await readKept(writeTo);
  if (kept !== undefined && (await isAdminKey(context, kept))) {
    return { key: kept, path: writeTo, created: false };
  }
  if (await hasAdmin(context)) return { key: lendKey(context), path: null, created: false };
  return await makeFirstKey(context, writeTo);
}

async function acceptGivenKey(context: AuthContext, key: string): Promise<void> {
  if (key.length < shortestGivenKey) {
    throw new HeadraceError('config_invalid', {
      message: `The key has fewer than ${shortestGivenKey} characters.`,
      where: 'HEADRACE_ADMIN_KEY',
      fix: 'Set a longer one, such as the output of: openssl rand -hex 24',
    });
  }
  if (await isAdminKey(context, key)) return;
  await context.store.transaction('system', (tx) =>
    tx.query(
      `INSERT INTO keys (id, tenant_id, name, prefix, hash, role)
       VALUES ($1, $2, 'HEADRACE_ADMIN_KEY', $3, $4, 'admin')
       ON CONFLICT (id) DO UPDATE
         SET prefix = excluded.prefix, hash = excluded.hash, revoked_at = NULL, last_used_at = NULL`,
      [environmentKeyId, defaultTenant, displayPrefix(key), hashKey(context.pepper, key)],
    ),
  );
}

/**
 * The file comes first: a key in the store that nobody could read would lock everybody out. Processes that
 * start at once all read the one file that was placed.
 */
async function makeFirstKey(context: AuthContext, path: string): Promise<AdminKey> {
  const kept = await readKept(path);
  // What the file holds may be a revoked key; a key that the store never saw is from a start that was cut.
  if (kept !== undefined && (isMistyped(kept) || (await isKnown(context, kept)))) {
    await rm(path, { force: true });
  }
  const created = await placeFile(path, `${makeKey()}\n`);
  const key = (await readFile(path, 'utf8')).trim();
  await context.store.transaction('system', (tx) => insertFirstKey(tx, context.pepper, key));
  return { key, path, created };
}

const insertFirstKey = (tx: Tx, pepper: Buffer, key: string) =>
  tx.query(
    `INSERT INTO keys (id, tenant_id, name, prefix, hash, role)
     VALUES ($1, $2, 'first administrator', $3, $4, 'admin') ON CONFLICT (hash) DO NOTHING`,
    [createId('key'), defaultTenant, displayPrefix(key), hashKey(pepper, key)],
  );

function lendKey(context: AuthContext): string {
  const key = makeKey();
  context.lent.add(hashKey(context.pepper, key).toString('hex'));
  return key;
}

async function isAdminKey(context: AuthContext, key: string): Promise<boolean> {
  return (await verifyKey(context, key))?.principal.role === 'admin';
}

async function isKnown({ store, pepper }: AuthContext, key: string): Promise<boolean> {
  const rows = await store.transaction('system', (tx) =>
    tx.query('SELECT 1 AS known FROM keys WHERE hash = $1', [hashKey(pepper, key)]),
  );
  return rows.length > 0;
}

async function hasAdmin({ store }: AuthContext): Promise<boolean> {
  const rows = await store.transaction('system', (tx) =>
    tx.query(`SELECT 1 AS found FROM keys WHERE role = 'admin' AND revoked_at IS NULL LIMIT 1`),
  );
  return rows.length > 0;
}

async function readKept(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
