import { type Client, escapeIdentifier } from 'pg';
import { HeadraceError } from '../errors/headrace-error.ts';
import { hasSqlState } from './store-failure.ts';

/** Owns nothing and cannot log in: superusers act as it, since row-level security does not bind them. */
export const runtimeRole = 'headrace_runtime';

type Queries = Pick<Client, 'query'>;

/** The role that transactions must act as, or `null` where the connecting role is bound by row-level security. */
export async function findRuntimeRole(client: Queries): Promise<string | null> {
  const { rows } = await client.query<{ unbound: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.unbound === false ? null : runtimeRole;
}

/** Makes the runtime role where it is needed, and gives it the tables that migrations made. */
export async function grantRuntimeRole(client: Queries): Promise<void> {
  if ((await findRuntimeRole(client)) === null) return;
  await ensureRole(client);
  const role = escapeIdentifier(runtimeRole);
  await client.query(`
    GRANT USAGE ON SCHEMA headrace TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA headrace TO ${role};
    GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA headrace TO ${role};
    REVOKE ALL ON headrace.migrations FROM ${role};`);
}

async function ensureRole(client: Queries): Promise<void> {
  const role = escapeIdentifier(runtimeRole);
  try {
    if (await canAct(client)) return;
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [
      runtimeRole,
    ]);
    if (rowCount === 0) await createRole(client);
    // Who creates a role is its administrator, but from PostgreSQL 16 on not free to act as it.
    if (!(await canAct(client))) await client.query(`GRANT ${role} TO CURRENT_USER`);
  } catch (error) {
    throw new HeadraceError('store_unavailable', {
      message: `The database's role is above row-level security and may not act as ${runtimeRole}.`,
      where: 'DATABASE_URL',
      fix: 'Connect as a role without SUPERUSER and BYPASSRLS that owns the database.',
      cause: error,
    });
  }
}

async function createRole(client: Queries): Promise<void> {
  try {
    await client.query(`CREATE ROLE ${escapeIdentifier(runtimeRole)} NOLOGIN`);
  } catch (error) {
    // Roles belong to the whole server: another database's migration may have been quicker.
    if (!hasSqlState(error, '42710', '23505')) throw error;
  }
}

/** Asked by doing it: what membership allows differs between versions. */
async function canAct(client: Queries): Promise<boolean> {
  try {
    await client.query(`SET ROLE ${escapeIdentifier(runtimeRole)}`);
  } catch (error) {
    // No such role, or not ours.
    if (hasSqlState(error, '22023', '42501')) return false;
    throw error;
  }
  await client.query('RESET ROLE');
  return true;
}
