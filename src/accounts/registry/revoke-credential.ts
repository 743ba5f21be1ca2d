import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Store } from '../../platform/store/store.ts';
import { findCredential, forgetCredential } from './credential-row.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findOwnAccount } from './stored-accounts.ts';

/**
 * Ends a key at once.
 * @throws HeadraceError `not_found`, `account_declared`; `conflict` for the account's last key that calls
 */
export async function revokeCredential(
  store: Store,
  accountId: string,
  credentialId: string,
): Promise<void> {
  await store.transaction('system', async (tx) => {
    const account = await findOwnAccount(tx, accountId);
    const admin = await findCredential(tx, accountId, credentialId);
    const [others] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM credentials
       WHERE account_id = $1 AND id <> $2 AND kind = 'call' AND revoked_at IS NULL AND retires_at IS NULL`,
      [accountId, credentialId],
    );
    if (!admin && others?.count === 0) {
      throw new HeadraceError('conflict', {
        message: `${credentialId} is the only key of account ${accountId} that stays.`,
        where: `${accountId}/${credentialId}`,
        fix: 'Rotate it, or disable or remove the account.',
      });
    }
    await forgetCredential(tx, accountId, credentialId);
    await recordPoolEvent(tx, {
      type: 'credential.revoked',
      provider: account.provider,
      accountId,
      data: { credential: credentialId },
    });
  });
  store.notify('accounts', accountId);
}
