import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findAccount, type StoredAccount } from './stored-accounts.ts';

/** `active` also clears every pause: the operator knows better than a guess. */
export type OperatorState = 'active' | 'draining' | 'disabled';

const words = {
  active: { type: 'account.enabled', message: 'An operator enabled it.' },
  draining: {
    type: 'account.draining',
    message: 'An operator drains it: calls under way end, none begins.',
  },
  disabled: { type: 'account.disabled', message: 'An operator disabled it.' },
} as const;

/**
 * An operator's word, for accounts from everywhere: it outlives restarts and is changed by no answer.
 * @throws HeadraceError `not_found`; `account_declared` for one that its declaration has removed
 */
export async function setAccountState(
  store: Store,
  accountId: string,
  state: OperatorState,
): Promise<void> {
  await store.transaction('system', async (tx) => {
    const account = await findAccount(tx, accountId);
    await refuseRemoved(tx, account);
    if (state === 'active') {
      await tx.query('DELETE FROM account_pauses WHERE account_id = $1', [accountId]);
      await tx.query(
        'UPDATE credentials SET refused_at = NULL, refusals = 0, probe_at = NULL WHERE account_id = $1',
        [accountId],
      );
    }
    const { type, message } = words[state];
    const reason = { kind: 'operator', message, provenance: 'operator' };
    await tx.query(
      `UPDATE accounts SET state = $2, state_until = NULL, updated_at = headrace_now(),
         state_reason = CASE WHEN $2 = 'active' THEN NULL ELSE $3::jsonb ||
           jsonb_build_object('since', floor(extract(epoch FROM headrace_now()) * 1000)) END
       WHERE id = $1`,
      [accountId, state, JSON.stringify(reason)],
    );
    await recordPoolEvent(tx, { type, provider: account.provider, accountId });
  });
  store.notify('accounts', accountId);
}

async function refuseRemoved(tx: Tx, { id }: StoredAccount): Promise<void> {
  const rows = await tx.query(
    `SELECT 1 FROM accounts WHERE id = $1 AND state_reason->>'kind' = 'removed'`,
    [id],
  );
  if (rows.length === 0) return;
  throw new HeadraceError('account_declared', {
    message: `Account ${id} is no longer declared, so it has no keys to call with.`,
    where: id,
    fix: 'Declare it again, or add it under this id: ./headrace accounts add.',
  });
}
