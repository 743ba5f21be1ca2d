import { readFile, rm } from 'node:fs/promises';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { createId } from '../platform/ids.ts';
import { placeFile } from '../platform/place-file.ts';
import type { Tx } from '../platform/store/store.ts';
import type { AdminKey, AdminKeyInput } from './auth.ts';
import { type AuthContext, defaultTenant } from './auth-context.ts';
import { displayPrefix, hashKey, isMistyped, makeKey } from './key-format.ts';

const shortestGivenKey = 16;
/** The one row of the key that the environment gives: another value replaces it. */
const environmentKeyId = 'key_environment';
const firstKeyLock = 0x68656168;

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
  const kept = await context.store.transaction('system', (tx) => keepKey(tx, context, writeTo));
  return kept ?? { key: lendKey(context), path: null, created: false };
}

async function acceptGivenKey(context: AuthContext, key: string): Promise<void> {
  if (key.length < shortestGivenKey) {
    throw new HeadraceError('config_invalid', {
      message: `The key has fewer than ${shortestGivenKey} characters.`,
      where: 'HEADRACE_ADMIN_KEY',
      fix: 'Set a longer one, such as the output of: openssl rand -hex 24',
    });
  }
  const hash = hashKey(context.pepper, key);
  await context.store.transaction('system', async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [firstKeyLock]);
    if ((await findKey(tx, hash))?.opens) return;
    // A row of the same key that does not open (revoked, or a member's) yields to what the operator set.
    await tx.query('DELETE FROM keys WHERE hash = $1', [hash]);
    await tx.query(
      `INSERT INTO keys (id, tenant_id, name, prefix, hash, role)
       VALUES ($1, $2, 'HEADRACE_ADMIN_KEY', $3, $4, 'admin')
       ON CONFLICT (id) DO UPDATE
         SET prefix = excluded.prefix, hash = excluded.hash, revoked_at = NULL, last_used_at = NULL`,
      [environmentKeyId, defaultTenant, displayPrefix(key), hash],
    );
  });
}

/** The key in the file, made where there is no administrator; `null` where there is one, but not there. */
async function keepKey(tx: Tx, { pepper }: AuthContext, path: string): Promise<AdminKey | null> {
  // Processes that start at once take turns, so that none takes another's new key for a stale one.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [firstKeyLock]);
  const kept = await readKept(path);
  const known = kept === undefined ? undefined : await findKey(tx, hashKey(pepper, kept));
  if (kept !== undefined && known?.opens) return { key: kept, path, created: false };
  if (await hasAdmin(tx)) return null;
  // A revoked key makes room for a new one; one that the store never saw is from a start that was cut.
  const usable = kept !== undefined && known === undefined && !isMistyped(kept);
  if (!usable) await rm(path, { force: true });
  // The file before the row: a key in the store that nobody can read would lock everybody out.
  const created = await placeFile(path, `${makeKey()}\n`);
  const key = (await readFile(path, 'utf8')).trim();
  await tx.query(
    `INSERT INTO keys (id, tenant_id, name, prefix, hash, role)
     VALUES ($1, $2, 'first administrator', $3, $4, 'admin')`,
    [createId('key'), defaultTenant, displayPrefix(key), hashKey(pepper, key)],
  );
  return { key, path, created };
}

async function findKey(tx: Tx, hash: Buffer): Promise<{ opens: boolean } | undefined> {
  const [row] = await tx.query<{ opens: boolean }>(
    `SELECT role = 'admin' AND revoked_at IS NULL AS opens FROM keys WHERE hash = $1`,
    [hash],
  );
  return row;
}

async function hasAdmin(tx: Tx): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 AS found FROM keys WHERE role = 'admin' AND revoked_at IS NULL LIMIT 1`,
  );
  return rows.length > 0;
}

function lendKey(context: AuthContext): string {
  const key = makeKey();
  context.lent.add(hashKey(context.pepper, key).toString('hex'));
  return key;
}

async function readKept(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
