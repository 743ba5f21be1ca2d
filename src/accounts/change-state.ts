import type { Store } from '../platform/store/store.ts';
import type { AccountState, StateReason } from './account.ts';

export interface StateChange {
  accountId: string;
  state: AccountState;
  reason: StateReason | null;
  /** Epoch ms. */
  until: number | null;
}

/**
 * Persists what a failure or a success made of an account. An operator's word stays: a late answer does
 * not bring a disabled or draining account back.
 */
export async function changeState(store: Store, change: StateChange): Promise<boolean> {
  const rows = await store.transaction('system', (tx) =>
    tx.query(
      `UPDATE accounts SET state = $2, state_reason = $3::jsonb, state_until = $4, updated_at = headrace_now()
       WHERE id = $1 AND state NOT IN ('disabled', 'draining') RETURNING id`,
      [
        change.accountId,
        change.state,
        change.reason === null ? null : JSON.stringify(change.reason),
        change.until === null ? null : new Date(change.until),
      ],
    ),
  );
  return rows.length > 0;
}
