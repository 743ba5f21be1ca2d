import type { RegistryDeps } from './add-accounts.ts';
import { joinCredential, type NewCredential } from './join-credential.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findOwnAccount, lockAccounts } from './stored-accounts.ts';

/**
 * Adds a key to an account; it shares the account's limits.
 * @throws HeadraceError `not_found`, `account_declared`, `account_invalid` for a key or an id that is taken
 */
export async function addCredential(
  { store, vault }: RegistryDeps,
  accountId: string,
  credential: NewCredential,
): Promise<void> {
  await store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    const account = await findOwnAccount(tx, accountId);
    await joinCredential({ tx, vault, account }, credential);
    await recordPoolEvent(tx, {
      type: 'credential.added',
      provider: account.provider,
      accountId,
      data: { credential: credential.id },
    });
  });
  store.notify('accounts', accountId);
}
