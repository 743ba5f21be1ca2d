import type { Store } from '../../platform/store/store.ts';
import type { AccountPause } from '../account.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { refreshState } from './refresh-state.ts';

/**
 * Makes a pause outlast the process that heard the refusal; of two of one scope the later word stays, and
 * an operator's who enabled the account since.
 */
export async function holdAccount(
  store: Store,
  account: { id: string; provider: string },
  pause: AccountPause,
): Promise<void> {
  await store.transaction('system', async (tx) => {
    // Whoever enables or removes it meanwhile is waited for, and then seen by what follows.
    await tx.query('SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [account.id]);
    const [stored] = await tx.query(
      `INSERT INTO account_pauses
         (account_id, model_class, dimension, state, kind, message, provenance, times, since, until)
       SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM accounts WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM pool_events
         WHERE account_id = $1 AND type = 'account.enabled' AND at > $9)
       ON CONFLICT (account_id, model_class, dimension) DO UPDATE SET state = excluded.state,
         kind = excluded.kind, message = excluded.message, provenance = excluded.provenance,
         times = excluded.times, until = excluded.until RETURNING account_id`,
      [
        account.id,
        pause.modelClass ?? '',
        pause.dimension ?? '',
        pause.state,
        pause.kind,
        pause.message,
        pause.provenance,
        pause.times,
        new Date(pause.since),
        new Date(pause.until),
      ],
    );
    // Removed or enabled meanwhile.
    if (!stored) return;
    const changed = await refreshState(tx, account.id);
    // A window that is full once a minute is no news; a pool that has become smaller is.
    if (!changed || changed.before === changed.after) return;
    await recordPoolEvent(tx, {
      type: 'account.held_back',
      provider: account.provider,
      accountId: account.id,
      data: {
        state: changed.after,
        kind: pause.kind,
        model_class: pause.modelClass,
        dimension: pause.dimension,
        provenance: pause.provenance,
        until: new Date(pause.until).toISOString(),
        message: pause.message,
      },
    });
  });
}
