import type { AdminRights } from '../../platform/config/config.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Tx } from '../../platform/store/store.ts';

/** Locks it and answers what it is for; throws `not_found`. */
export async function findCredential(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<AdminRights | undefined> {
  const [row] = await tx.query<{ kind: string; project: string | null }>(
    'SELECT kind, project FROM credentials WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL FOR UPDATE',
    [accountId, id],
  );
  if (row) return row.kind === 'admin' ? { project: row.project } : undefined;
  throw new HeadraceError('not_found', {
    message: `Account ${accountId} has no key named ${id}.`,
    where: `${accountId}/${id}`,
    fix: `./headrace accounts show ${accountId} names its keys.`,
  });
}

/** Revokes it and forgets the sealed secret; the row stays, for attempts name it. */
export async function forgetCredential(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx.query(
    `UPDATE credentials SET revoked_at = headrace_now(), sealed = 'null', probe_at = NULL
     WHERE account_id = $1 AND id = $2`,
    [accountId, id],
  );
}
