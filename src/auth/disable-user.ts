import type { Administrator } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { shutOut } from './shut-out.ts';

/** Shuts a user out, tokens and all; what they made stays. */
export async function disableUser(
  context: AuthContext,
  admin: Administrator,
  userId: string,
): Promise<void> {
  await shutOut(context, admin, { table: 'users', id: userId });
  context.log.info('user.disabled', { user_id: userId, tenant_id: admin.tenantId });
}
