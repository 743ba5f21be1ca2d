import type { Administrator, KeyListing, Page, PageRequest, Role } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { readPage, writePage } from './read-page.ts';
import { requireAdmin } from './require-admin.ts';

export interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  role: Role;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Never the hash. */
export const keyColumns = 'id, name, prefix, role, created_at, last_used_at, revoked_at';

export async function listKeys(
  { store }: AuthContext,
  admin: Administrator,
  page: PageRequest,
): Promise<Page<KeyListing>> {
  requireAdmin(admin);
  const query = readPage(page);
  const rows = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
    tx.query<KeyRow>(
      `SELECT ${keyColumns} FROM keys
       WHERE tenant_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [admin.tenantId, query.below, query.rows],
    ),
  );
  return writePage(rows.map(writeKey), query);
}

export function writeKey(row: KeyRow): KeyListing {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}
