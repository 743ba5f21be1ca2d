import type { Store } from '../../platform/store/store.ts';
import type { AccountPause } from '../account.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { refreshState } from './refresh-state.ts';

/** Which pauses end: those of a kind, or those that a success of this class disproves. */
export type Released = { kind: AccountPause['kind'] } | { modelClass: string; sentAt: number };

/** Ends stored pauses, and those that have run out. Answers whether the account's state changed. */
export async function releaseAccount(
  store: Store,
  account: { id: string; provider: string },
  released: Released,
): Promise<boolean> {
  const byKind = 'kind' in released;
  return await store.transaction('system', async (tx) => {
    await tx.query(
      `DELETE FROM account_pauses WHERE account_id = $1 AND (kind = $2
         OR (provenance = 'stated' AND until <= headrace_now())
         OR (provenance = 'guessed' AND model_class IN ('', $3) AND since <= $4))`,
      [
        account.id,
        byKind ? released.kind : null,
        byKind ? null : released.modelClass,
        byKind ? null : new Date(released.sentAt),
      ],
    );
    const changed = await refreshState(tx, account.id);
    if (!changed || changed.before === changed.after) return false;
    await recordPoolEvent(tx, {
      type: 'account.took_back',
      provider: account.provider,
      accountId: account.id,
      data: { state: changed.after },
    });
    return true;
  });
}
