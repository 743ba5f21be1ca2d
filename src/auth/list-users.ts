import type { Administrator, Page, PageRequest, Role, UserListing } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { readPage, writePage } from './read-page.ts';
import { requireAdmin } from './require-admin.ts';

export interface UserRow {
  id: string;
  name: string;
  role: Role;
  created_at: Date;
  disabled_at: Date | null;
}

/** Never the password's hash. */
export const userColumns = 'id, name, role, created_at, disabled_at';

export async function listUsers(
  { store }: AuthContext,
  admin: Administrator,
  page: PageRequest,
): Promise<Page<UserListing>> {
  requireAdmin(admin);
  const query = readPage(page);
  const rows = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
    tx.query<UserRow>(
      `SELECT ${userColumns} FROM users
       WHERE tenant_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [admin.tenantId, query.below, query.rows],
    ),
  );
  return writePage(rows.map(writeUser), query);
}

export function writeUser({ id, name, role, created_at, disabled_at }: UserRow): UserListing {
  return {
    id,
    name,
    role,
    created_at: created_at.toISOString(),
    disabled_at: disabled_at?.toISOString() ?? null,
  };
}
