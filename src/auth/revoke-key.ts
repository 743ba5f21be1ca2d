import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Administrator } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { requireAdmin } from './require-admin.ts';

/** Ends a key for good: here at once, in other processes when they next look. */
export async function revokeKey(
  { store, verified, log }: AuthContext,
  admin: Administrator,
  keyId: string,
): Promise<void> {
  requireAdmin(admin);
  const rows = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
    tx.query(
      `UPDATE keys SET revoked_at = coalesce(revoked_at, headrace_now())
       WHERE id = $1 AND tenant_id = $2 RETURNING id`,
      [keyId, admin.tenantId],
    ),
  );
  if (rows.length === 0) throw new HeadraceError('not_found', { where: keyId });
  verified.clear();
  log.info('key.revoked', { key: keyId, tenant_id: admin.tenantId });
}
