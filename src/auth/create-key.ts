import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { createId } from '../platform/ids.ts';
import type { Administrator, KeyListing, NewKey } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { displayPrefix, hashKey, makeKey } from './key-format.ts';
import { type KeyRow, keyColumns, writeKey } from './list-keys.ts';
import { requireAdmin } from './require-admin.ts';

/** Makes a key and gives it this once: only its hash is kept. */
export async function createKey(
  { store, pepper, log }: AuthContext,
  admin: Administrator,
  { name, role }: NewKey,
): Promise<KeyListing & { key: string }> {
  requireAdmin(admin);
  const key = makeKey();
  const [row] = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
    tx.query<KeyRow>(
      `INSERT INTO keys (id, tenant_id, name, prefix, hash, role) VALUES ($1, $2, $3, $4, $5, $6)
       RETURNING ${keyColumns}`,
      [createId('key'), admin.tenantId, name, displayPrefix(key), hashKey(pepper, key), role],
    ),
  );
  if (row === undefined) throw new HeadraceError('internal');
  log.info('key.created', { key: row.id, role, tenant_id: admin.tenantId });
  return { ...writeKey(row), key };
}
