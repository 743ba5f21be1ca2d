import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { createId } from '../platform/ids.ts';
import { hasSqlState } from '../platform/store/store-failure.ts';
import type { Administrator, NewUser, UserListing } from './auth.ts';
import type { AuthContext } from './auth-context.ts';
import { type UserRow, userColumns, writeUser } from './list-users.ts';
import { normalizeName } from './normalize-name.ts';
import { requireAdmin } from './require-admin.ts';

const shortestPassword = 8;

/** Adds a user who can exchange name and password for a token. */
export async function addUser(
  { store, passwords, log }: AuthContext,
  admin: Administrator,
  user: NewUser,
): Promise<UserListing> {
  requireAdmin(admin);
  const name = normalizeName(user.name);
  if (name === '') throw invalid('name', 'A user needs a name.');
  if (user.password.length < shortestPassword) {
    throw invalid('password', `A password has at least ${shortestPassword} characters.`);
  }
  const hash = await passwords.hash(user.password);
  try {
    const [row] = await store.transaction({ tenantId: admin.tenantId }, (tx) =>
      tx.query<UserRow>(
        `INSERT INTO users (id, tenant_id, name, password_hash, role) VALUES ($1, $2, $3, $4, $5)
         RETURNING ${userColumns}`,
        [createId('usr'), admin.tenantId, name, hash, user.role],
      ),
    );
    if (row === undefined) throw new HeadraceError('internal');
    log.info('user.added', { user_id: row.id, role: row.role, tenant_id: admin.tenantId });
    return writeUser(row);
  } catch (error) {
    if (!hasSqlState(error, '23505')) throw error;
    throw new HeadraceError('conflict', {
      message: 'There is a user of this name.',
      where: 'name',
      fix: 'Choose another name.',
      cause: error,
    });
  }
}

function invalid(where: string, message: string): HeadraceError {
  return new HeadraceError('request_invalid', { message, where });
}
