import type { Store } from '../../platform/store/store.ts';
import { recordPoolEvent } from './record-pool-event.ts';

/** Revokes the rotated keys whose overlap has ended; their sealed secrets are forgotten. */
export async function retireCredentials(store: Store): Promise<number> {
  return await store.transaction('system', async (tx) => {
    const rows = await tx.query<{ account_id: string; id: string; provider: string }>(
      `UPDATE credentials c SET revoked_at = headrace_now(), sealed = 'null', probe_at = NULL
       FROM accounts a WHERE a.id = c.account_id AND c.revoked_at IS NULL AND c.retires_at <= headrace_now()
       RETURNING c.account_id, c.id, a.provider`,
    );
    for (const { account_id, id, provider } of rows) {
      await recordPoolEvent(tx, {
        type: 'credential.retired',
        provider,
        accountId: account_id,
        data: { credential: id },
      });
    }
    return rows.length;
  });
}
