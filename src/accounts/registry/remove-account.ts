import type { Store } from '../../platform/store/store.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findOwnAccount } from './stored-accounts.ts';

/**
 * Forgets an account with its keys; its attempts stay on the ledger. A call under way ends as it would.
 * @throws HeadraceError `not_found`, `account_declared`
 */
export async function removeAccount(store: Store, accountId: string): Promise<void> {
  await store.transaction('system', async (tx) => {
    const { provider } = await findOwnAccount(tx, accountId);
    await tx.query('DELETE FROM account_pauses WHERE account_id = $1', [accountId]);
    await tx.query('DELETE FROM credentials WHERE account_id = $1', [accountId]);
    await tx.query('DELETE FROM accounts WHERE id = $1', [accountId]);
    await recordPoolEvent(tx, { type: 'account.removed', provider, accountId });
  });
  store.notify('accounts', accountId);
}
