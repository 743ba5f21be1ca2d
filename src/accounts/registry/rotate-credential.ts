import type { RegistryDeps } from './add-accounts.ts';
import { findCredential, forgetCredential } from './credential-row.ts';
import { joinCredential, type NewCredential } from './join-credential.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findOwnAccount, lockAccounts } from './stored-accounts.ts';

/**
 * Puts a new key in the place of an old one, which stays as the way back for `overlapMs` and is then
 * revoked. Without overlap it is revoked at once.
 * @throws HeadraceError as `addCredential`
 */
export async function rotateCredential(
  { store, vault }: RegistryDeps,
  accountId: string,
  rotation: { old: string; credential: NewCredential; overlapMs: number },
): Promise<void> {
  const { old, credential, overlapMs } = rotation;
  await store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    const account = await findOwnAccount(tx, accountId);
    // What the old one was for, the new one is for.
    const admin = await findCredential(tx, accountId, old);
    await joinCredential({ tx, vault, account }, { ...credential, admin });
    await tx.query(
      `UPDATE credentials SET retires_at = headrace_now() + $3::float * interval '1 millisecond'
       WHERE account_id = $1 AND id = $2`,
      [accountId, old, overlapMs],
    );
    if (overlapMs === 0) await forgetCredential(tx, accountId, old);
    await recordPoolEvent(tx, {
      type: 'credential.rotated',
      provider: account.provider,
      accountId,
      data: { credential: credential.id, old, overlap_ms: overlapMs },
    });
  });
  store.notify('accounts', accountId);
}
