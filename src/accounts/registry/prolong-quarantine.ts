import type { Store } from '../../platform/store/store.ts';
import { refreshState } from './refresh-state.ts';

/** A moment past the next probe, ms: a call is the trial only where no probe could say. */
const slackMs = 15_000;

/**
 * A probe found a key still refused: its account stays held back until the next one. Nothing where its
 * quarantine has ended, for it was given another key meanwhile.
 */
export async function prolongQuarantine(store: Store, accountId: string): Promise<void> {
  await store.transaction('system', async (tx) => {
    // Whoever gives it a key meanwhile is waited for, and then seen by what follows.
    await tx.query('SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [accountId]);
    const prolonged = await tx.query(
      `UPDATE account_pauses SET times = times + 1, until = due.next + $2 * interval '1 millisecond'
       FROM (SELECT min(probe_at) AS next FROM credentials
         WHERE account_id = $1 AND kind = 'call' AND revoked_at IS NULL) AS due
       WHERE account_id = $1 AND account_pauses.kind = 'credential' AND due.next IS NOT NULL RETURNING 1`,
      [accountId, slackMs],
    );
    if (prolonged.length > 0) await refreshState(tx, accountId);
  });
}
