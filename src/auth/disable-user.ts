import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Administrator } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { requireAdmin } from './require-admin.ts';

/** Shuts a user out, tokens and all; what they made stays. */
export async function disableUser(
  { store, verified, log }: AuthContext,
  admin: Administrator,
  userId: string,
): Promise<void> {
  requireAdmin(admin);
  const rows = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
    tx.query(
      `UPDATE users SET disabled_at = coalesce(disabled_at, headrace_now())
       WHERE id = $1 AND tenant_id = $2 RETURNING id`,
      [userId, admin.tenantId],
    ),
  );
  if (rows.length === 0) throw new HeadraceError('not_found', { where: userId });
  verified.clear();
  log.info('user.disabled', { user_id: userId, tenant_id: admin.tenantId });
}
