import type { Administrator } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { shutOut } from './shut-out.ts';

/** Ends a key for good. */
export async function revokeKey(
  context: AuthContext,
  admin: Administrator,
  keyId: string,
): Promise<void> {
  await shutOut(context, admin, { table: 'keys', id: keyId });
  context.log.info('key.revoked', { key: keyId, tenant_id: admin.tenantId });
}
