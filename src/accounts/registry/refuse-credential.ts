import type { Store } from '../../platform/store/store.ts';
import type { SecretOwner } from '../vault.ts';
import { recordPoolEvent } from './record-pool-event.ts';

/** The first time after which a refused key is asked again, ms; it doubles with every refusal in a row. */
const firstProbeMs = 30_000;
export const longestProbeMs = 3_600_000;

/** A vendor refused this key: the account's others go first, and it is asked again at growing intervals. */
export async function refuseCredential(
  store: Store,
  owner: SecretOwner & { provider: string },
  { message, probed }: { message: string; probed: boolean },
): Promise<void> {
  await store.transaction('system', async (tx) => {
    const [row] = await tx.query<{ refusals: number }>(
      `UPDATE credentials SET refused_at = coalesce(refused_at, headrace_now()), refusals = refusals + 1,
         probe_at = headrace_now() + least($4::float, $3::float * 2 ^ least(refusals, 16)) * interval '1 millisecond'
       WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL AND ($5 OR probe_at IS NULL OR probe_at <= headrace_now())
       RETURNING refusals`,
      // Calls that were under way together are refused together; that counts once.
      [owner.accountId, owner.credentialId, firstProbeMs, longestProbeMs, probed],
    );
    if (row?.refusals !== 1) return;
    await recordPoolEvent(tx, {
      type: 'credential.refused',
      provider: owner.provider,
      accountId: owner.accountId,
      data: { credential: owner.credentialId, message },
    });
  });
}
