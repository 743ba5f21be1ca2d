import type { Principal, Role } from './auth.ts';
import { type AuthContext, defaultTenant } from './auth-context.ts';
import { hashKey, isMistyped } from './key-format.ts';

export interface Verified {
  principal: Principal;
  /** Epoch ms; without it the credential has no end of its own. */
  expiresAt?: number;
}

/** Whose key this is; `undefined` for an unknown or revoked one. */
export async function verifyKey(context: AuthContext, key: string): Promise<Verified | undefined> {
  if (isMistyped(key)) return undefined;
  const hash = hashKey(context.pepper, key);
  if (context.lent.has(hash.toString('hex'))) return { principal: processOwner };
  // By the hash: how long the search takes tells nothing about the key. The use is noted once a minute,
  // for a row written at every request would be the busiest of the database.
  const [row] = await context.store.transaction('system', (tx) =>
    tx.query<{ id: string; tenant_id: string; name: string; role: Role }>(
      `WITH used AS (
         UPDATE keys SET last_used_at = headrace_now()
         WHERE hash = $1 AND revoked_at IS NULL
           AND coalesce(last_used_at < headrace_now() - interval '1 minute', true))
       SELECT id, tenant_id, name, role FROM keys WHERE hash = $1 AND revoked_at IS NULL`,
      [hash],
    ),
  );
  if (row === undefined) return undefined;
  const { id, tenant_id: tenantId, name, role } = row;
  return { principal: { tenantId, userId: null, keyId: id, role, name, method: 'key' } };
}

const processOwner: Principal = {
  tenantId: defaultTenant,
  userId: null,
  keyId: null,
  role: 'admin',
  name: 'this process',
  method: 'key',
};
