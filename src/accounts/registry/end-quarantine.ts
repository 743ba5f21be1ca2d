import type { Tx } from '../../platform/store/store.ts';
import { refreshState } from './refresh-state.ts';

/** New keys are what an account waits for whose old ones were refused. */
export async function endQuarantine(tx: Tx, accountId: string): Promise<void> {
  await tx.query("DELETE FROM account_pauses WHERE account_id = $1 AND kind = 'credential'", [
    accountId,
  ]);
  await refreshState(tx, accountId);
}
