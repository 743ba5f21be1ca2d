import type { PooledAccount } from '../../platform/config/check-pooling.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Tx } from '../../platform/store/store.ts';

/** Nobody else adds or changes accounts until this transaction ends: what was checked stays true. */
export async function lockAccounts(tx: Tx): Promise<void> {
  await tx.query('LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE');
}

/** The stored accounts as others are checked against them; those that were removed are left out. */
export async function readPool(tx: Tx): Promise<PooledAccount[]> {
  const rows = await tx.query<Omit<PooledAccount, 'place'>>(
    `SELECT a.id, a.provider, a.base_url AS "baseUrl", a.entitlement, a.managed_by AS "managedBy",
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'print', c.fingerprint,
         'isAdmin', c.kind = 'admin') ORDER BY c.id)
         FROM credentials c WHERE c.account_id = a.id AND c.revoked_at IS NULL), '[]') AS credentials
     FROM accounts a WHERE a.managed_by <> 'simulation' AND a.state_reason->>'kind' IS DISTINCT FROM 'removed'
     ORDER BY a.id`,
  );
  return rows.map((row) => ({ ...row, place: null }));
}

export interface StoredAccount {
  id: string;
  provider: string;
  managedBy: PooledAccount['managedBy'];
}

/** Throws `not_found`. */
export async function findAccount(tx: Tx, accountId: string): Promise<StoredAccount> {
  const [row] = await tx.query<StoredAccount>(
    'SELECT id, provider, managed_by AS "managedBy" FROM accounts WHERE id = $1 FOR UPDATE',
    [accountId],
  );
  if (row) return row;
  throw new HeadraceError('not_found', {
    message: 'There is no account of this id.',
    where: accountId,
    fix: './headrace accounts list names them.',
  });
}

const declaredIn: Record<
  Exclude<PooledAccount['managedBy'], 'api'>,
  { place: string; fix: string }
> = {
  file: { place: 'in headrace.yaml', fix: 'Change it there and restart.' },
  environment: {
    place: "by a variable of the server's environment",
    fix: 'Change the variable and restart, or declare the account in headrace.yaml.',
  },
  simulation: {
    place: 'by the simulator',
    fix: 'Start without --simulate to use accounts of your own.',
  },
};

/** Throws `not_found`, and `account_declared` for one that is changed elsewhere. */
export async function findOwnAccount(tx: Tx, accountId: string): Promise<StoredAccount> {
  const account = await findAccount(tx, accountId);
  if (account.managedBy === 'api') return account;
  const { place, fix } = declaredIn[account.managedBy];
  throw new HeadraceError('account_declared', {
    message: `Account ${account.id} is declared ${place}.`,
    where: account.id,
    fix,
  });
}
