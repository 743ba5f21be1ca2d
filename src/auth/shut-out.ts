import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Administrator } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { requireAdmin } from './require-admin.ts';

const marks = {
  users: `UPDATE users SET disabled_at = coalesce(disabled_at, headrace_now())
          WHERE id = $1 AND tenant_id = $2 RETURNING id`,
  keys: `UPDATE keys SET revoked_at = coalesce(revoked_at, headrace_now())
         WHERE id = $1 AND tenant_id = $2 RETURNING id`,
};

/**
 * Ends what a row of the administrator's tenant opens: here at once, in other processes when they next
 * look. Done twice it keeps its first time. Throws `forbidden`, `not_found`.
 */
export async function shutOut(
  { store, verified }: AuthContext,
  admin: Administrator,
  { table, id }: { table: keyof typeof marks; id: string },
): Promise<void> {
  requireAdmin(admin);
  const { tenantId } = admin;
  const rows = await store.transaction({ tenantId }, (tx) =>
    tx.query(marks[table], [id, tenantId]),
  );
  if (rows.length === 0) throw new HeadraceError('not_found', { where: id });
  verified.clear();
}
