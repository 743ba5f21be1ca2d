import type { Store } from '../../platform/store/store.ts';
import type { SecretOwner } from '../vault.ts';
import { recordPoolEvent } from './record-pool-event.ts';

/** Its vendor takes this key again. */
export async function acceptCredential(
  store: Store,
  owner: SecretOwner & { provider: string },
): Promise<void> {
  await store.transaction('system', async (tx) => {
    const rows = await tx.query(
      `UPDATE credentials SET refused_at = NULL, refusals = 0, probe_at = NULL
       WHERE account_id = $1 AND id = $2 AND refused_at IS NOT NULL RETURNING id`,
      [owner.accountId, owner.credentialId],
    );
    if (rows.length === 0) return;
    await recordPoolEvent(tx, {
      type: 'credential.accepted',
      provider: owner.provider,
      accountId: owner.accountId,
      data: { credential: owner.credentialId },
    });
  });
}
